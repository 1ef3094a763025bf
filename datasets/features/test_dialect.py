"""transform.py writes the dialect that dataset.json declares. The expected bytes are what the SerDe of it reads back."""

import pytest
from test_scripts import DATASET, refused, transform, tree


def dialect(**changes):
    """The declared dialect with changes; one with a quote has no null."""
    form = {**DATASET["format"], **changes}
    return {name: value for name, value in form.items() if not ("quote" in changes and name == "nullText")}


@pytest.mark.parametrize("form, cell, written", [
    # 引用符: 全セルを囲み、引用符とエスケープ文字は二つ重ねる。
    (dialect(quote='"', escape="\\"), "a,b", '"1","a,b","sun"\n'),
    (dialect(quote='"', escape="\\"), 'say "hi"', '"1","say ""hi""","sun"\n'),
    (dialect(quote='"', escape="\\"), "C:\\new\\", '"1","C:\\\\new\\\\","sun"\n'),
    (dialect(quote='"', escape="\\"), "\\N", '"1","\\\\N","sun"\n'),
    (dialect(quote='"', escape="\\"), "", '"1","","sun"\n'),
    (dialect(quote='"', escape="\x01"), "C:\\new", '"1","C:\\new","sun"\n'),
    (dialect(quote="'", escape="^", delimiter=";"), "it's ^", "'1';'it''s ^^';'sun'\n"),
    # エスケープだけ: 区切り文字とエスケープ文字の前に置く。
    (dialect(escape="\\"), "a,b", "1,a\\,b,sun\n"),
    (dialect(escape="\\"), "C:\\new", "1,C:\\\\new,sun\n"),
    (dialect(escape="\\"), "\\N", "1,\\\\N,sun\n"),
    (dialect(escape="\\"), 'say "hi"', '1,say "hi",sun\n'),
    (dialect(escape="^", delimiter="|"), "a|^b", "1|a^|^^b|sun\n"),
    (dialect(nullText=""), "", "1,,sun\n"),
    (dialect(nullText="NULL"), "\\N", "1,\\N,sun\n"),
    (dialect(newline="\r\n"), "2", "1,2,sun\r\n"),
    (dialect(quote='"', escape="\\", newline="\r\n", header=True), "2", '"feature1","feature2","y"\r\n"1","2","sun"\r\n'),
])
def test_cells_are_written_in_the_declared_dialect(tmp_path, form, cell, written):
    quoted = cell.replace('"', '""')
    result = transform(tmp_path, f'feature1,feature2,y\n1,"{quoted}",sun\n', format=form)
    assert result.returncode == 0, result.stderr
    assert tree(tmp_path)["process_date_jst=2021-12-01/partition.csv"].decode() == written


@pytest.mark.parametrize("form, cell, what", [
    (dialect(quote='"', escape="\\"), "a\nb", "line break"),
    (dialect(escape="\\"), "a\nb", "line break"),
    (dialect(nullText="NULL"), "NULL", "the text NULL, which is read as null"),
    (dialect(nullText="NULL", escape="\\"), "NULL", "the text NULL, which is read as null"),
])
def test_a_cell_that_no_dialect_carries_is_refused(tmp_path, form, cell, what):
    refused(transform(tmp_path, f'feature1,feature2,y\n1,"{cell}",sun\n', format=form), tmp_path, "row 1", what)
