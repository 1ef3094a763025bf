"""Judges IAM policies by parliament, its community auditors included.

Standard input: a JSON object, name of a policy -> its text. Standard output: a JSON list of findings.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore", category=UserWarning)  # pkg_resources announces its end

from parliament import analyze_policy_string  # noqa: E402


def findings_of(name, text):
    for finding in analyze_policy_string(text, include_community_auditors=True).findings:
        # The community's auditors name actions, in any order, and tell nothing else.
        about = finding.detail or " ".join(sorted(finding.location.get("actions", [])))
        yield {"policy": name, "issue": finding.issue, "about": about if isinstance(about, str) else json.dumps(about)}


policies = json.load(sys.stdin)
json.dump([finding for name, text in policies.items() for finding in findings_of(name, text)], sys.stdout)
