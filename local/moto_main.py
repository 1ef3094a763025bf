"""Runs moto on a free loopback port, for as long as standard input is open.

The pipe closes with the process that holds the other end, however it dies, so no server is left behind.
"""

import os
import sys
import threading

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.server import main


def end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def skip_conditions() -> None:
    """moto ignores the conditions of bucket policies, and so makes "deny what is not encrypted" deny everything.

    A statement that has conditions takes no part in the decision instead.
    """
    evaluate = IAMPolicyStatement.is_action_permitted

    def is_action_permitted(self, action, resource="*", principal=None, incoming_condition_values=None):
        if "Condition" in self._statement and not incoming_condition_values:
            return PermissionResult.NEUTRAL
        return evaluate(self, action, resource, principal, incoming_condition_values)

    IAMPolicyStatement.is_action_permitted = is_action_permitted


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    skip_conditions()
    main(["-H", "127.0.0.1", "-p", "0"])
