"""The command's sources, arguments and endings, without a service."""

from __future__ import annotations

import io
import json
import pathlib
import subprocess
import sys
import types
from typing import Any, List

import pytest

from sluice._command import main
from sluice._command._progress import Progress
from sluice._command._sources import Lines, UnusableError, numbered, pointed
from sluice._command._target import Target, target
from sluice._lane import Stats


def records(path: pathlib.Path, format_: str, offsets: str = "lines") -> "List[tuple[int, bytes]]":
    return [(each.offset, each.record) for each in numbered([str(path)], format_, offsets, False)]


def test_lines(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b'{"a": 1}\r\n\n  [2]\n3')
    assert records(path, "ndjson") == [(0, b'{"a": 1}'), (1, b"[2]"), (2, b"3")]


def test_several_files_are_one_stream(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a").write_bytes(b"1\n2\n")
    (tmp_path / "b").write_bytes(b"3\n")
    found = list(numbered([str(tmp_path / "a"), str(tmp_path / "b")], "ndjson", "lines", False))
    assert [(each.offset, each.record, each.read) for each in found] == [(0, b"1", 2), (1, b"2", 4), (2, b"3", 6)]


def test_csv_by_its_header(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('\ufeffname,text\nx,"a\nb"\n\ny,"ü,"\n'.encode())
    assert [json.loads(record) for _, record in records(path, "csv")] == [
        {"name": "x", "text": "a\nb"},
        {"name": "y", "text": "ü,"},
    ]


def test_tsv(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(b"a\tb\n1\t2,3\n")
    assert records(path, "tsv") == [(0, b'{"a":"1","b":"2,3"}')]


@pytest.mark.parametrize("text, message", [(b"a,a\n1,2\n", "twice"), (b"a,b\n1\n", "line 2 has 1 values")])
def test_csv_that_makes_no_sense(tmp_path: pathlib.Path, text: bytes, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    with pytest.raises(UnusableError, match=message):
        records(path, "csv")


def test_csv_that_cannot_be_read(served: Any, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n" + "x" * 200_000 + "\n", encoding="utf-8")
    sinks = {"request": {"get": "/sinks/events"}, "answer": {"json": {"type": "table"}}}
    script = served(sinks, {"request": {"snapshot": True}, "answer": {"snapshot": {}}})
    assert main(["push", str(path), "--to", "events/0", "--url", script.url, "--no-fence"]) == 2
    assert "line 2 cannot be read as a table: field larger than field limit" in capsys.readouterr().err


def test_a_last_line_without_a_line_feed_is_waited_for_only_in_following(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1\n2")
    assert [record for _, record in records(path, "ndjson")] == [b"1", b"2"]

    def at_end(unfinished: bool) -> None:
        assert unfinished
        with path.open("ab") as file:
            file.write(b"\n")

    found = numbered([str(path)], "ndjson", "lines", True, at_end)
    assert [next(found).record, next(found).record] == [b"1", b"2"]


def test_array(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf [{"a": 1.0,\n"b": "\\u00fc"}, null\n,1e2 ]\n')
    assert records(path, "json-array") == [(0, b'{"a": 1.0,\n"b": "\\u00fc"}'), (1, b"null"), (2, b"1e2")]
    path.write_bytes(b"[ ]")
    assert records(path, "json-array") == []
    for wrong in (b"[1", b"[1 2]", b"[1,]", b"[1] 2"):
        path.write_bytes(wrong)
        with pytest.raises(ValueError):
            records(path, "json-array")
    assert main(["push", str(path), "--to", "events/0", "--follow"]) == 2


def test_tail_tells_records_as_they_are(served: Any, capsys: pytest.CaptureFixture[str]) -> None:
    events = (
        'event: record\ndata: {"offset": 1, "value": {"a": 1.0,\ndata: "b": "\\u00fc"}}\n\nevent: begin\ndata: {}\n\n'
    )
    for more, told in (
        ([], '{"a": 1.0, "b": "\\u00fc"}\n'),
        (
            ["--json"],
            '{"event": "record", "offset": 1, "value": {"a": 1.0, "b": "\\u00fc"}}\n{"event": "begin"}\n',
        ),
    ):
        tail = {"get": "/sinks/events/partitions/0/tail"}
        script = served(
            {"request": tail, "answer": {"body": events}},
            {"request": tail, "answer": {"problem": "unknown-partition"}},
        )
        assert main(["tail", "events/0", "--url", script.url, *more]) == 1
        assert capsys.readouterr().out == told


def test_offsets_of_the_records(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b'{"lsn": 5}\n{"lsn": "9"}\n')
    assert [offset for offset, _ in records(path, "ndjson", "json:/lsn")] == [5, 9]
    with pytest.raises(UnusableError, match="record 0 has no integer at /id"):
        records(path, "ndjson", "json:/id")
    for wrong in ("true", "1.5", "1.0", '"1_0"', '" 1"', '"-1"', '"\u0661"', "null", "[]", "-1"):
        path.write_text(f'{{"lsn": {wrong}}}', encoding="utf-8")
        with pytest.raises(UnusableError, match="record 0 has no integer at /lsn"):
            records(path, "ndjson", "json:/lsn")


def test_following_ends_where_the_file_is_another_one(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1\n2")
    lines = iter(Lines([str(path)], True))
    assert next(lines) == b"1\n"
    with path.open("ab") as file:
        file.write(b"3\n")
    assert next(lines) == b"23\n"
    path.rename(tmp_path / "b")
    path.write_bytes(b"4\n")
    with pytest.raises(UnusableError, match="replaced"):
        next(lines)


def test_following_ends_where_the_file_was_cut(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1\n2\n")
    lines = iter(Lines([str(path)], True))
    assert [next(lines), next(lines)] == [b"1\n", b"2\n"]
    path.write_bytes(b"1\n")
    with pytest.raises(UnusableError, match="cut"):
        next(lines)


def test_following_ends_where_the_file_was_cut_and_has_grown_since(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1\n")
    ends: List[bool] = []

    def at_end(unfinished: bool) -> None:
        ends.append(unfinished)
        path.write_bytes([b"1\n2\n3", b"7\n8\n"][len(ends) - 1])

    lines = iter(Lines([str(path)], True, at_end))
    assert [next(lines), next(lines)] == [b"1\n", b"2\n"]
    with pytest.raises(UnusableError, match="cut"):
        next(lines)
    assert ends == [False, True]


def test_following_looks_at_the_file_before_each_read(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lines, "BLOCK", 2)
    path = tmp_path / "a"
    path.write_bytes(b"1\n2\n")
    lines = iter(Lines([str(path)], True))
    assert next(lines) == b"1\n"
    path.rename(tmp_path / "b")
    path.write_bytes(b"4\n5\n")
    with pytest.raises(UnusableError, match="replaced"):
        next(lines)


def test_following_a_file_that_is_shorter_than_what_is_there(
    served: Any, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"8\n9\n")
    sinks = {"request": {"get": "/sinks/events"}, "answer": {"json": {"type": "table"}}, "repeated": True}
    script = served(sinks, {"request": {"snapshot": True}, "answer": {"snapshot": {"nextOffset": 5}}, "repeated": True})
    call = [
        "push",
        str(path),
        "--to",
        "events/0",
        "--url",
        script.url,
        "--follow",
        "--no-fence",
        "--on-rejected",
        "skip",
    ]
    assert main(call) == 5
    assert "ends at 2, but 5 offsets are there" in capsys.readouterr().err


def test_pointers() -> None:
    value = {"a/b": [{"~": 7}]}
    assert pointed(value, "/a~1b/0/~0") == 7
    for pointer in ("/x", "/a~1b/1", "/a~1b/0/~0/z"):
        with pytest.raises(KeyError):
            pointed(value, pointer)


def test_targets() -> None:
    assert target("events/0", "http://h") == Target("http://h", "events", "0")
    assert target("events", "http://h") == Target("http://h", "events", None)
    assert target("https://h:1/p/sinks/a%20b/partitions/x", "") == Target("https://h:1/p", "a b", "x")
    for wrong in ("", "a/b/c", "http://h/x"):
        with pytest.raises(ValueError):
            target(wrong, "http://h")


def test_wrong_calls(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["push", "x", "--to", "events"]) == 2
    assert "say either a partition" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["push"])
    assert ended.value.code == 2


def test_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", "events/0", "--url", "http://127.0.0.1:1", "--give-up-after", "0"]) == 6
    assert "no answer" in capsys.readouterr().err


@pytest.mark.parametrize("line, expected", [("sluice pu", "push"), ("sluice push --fol", "--follow")])
def test_completion(line: str, expected: str) -> None:
    script = subprocess.run(
        [sys.executable, "-m", "sluice", "completion", "bash"],
        env={"PYTHONPATH": str(pathlib.Path(__file__).parents[1] / "src")},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    words = line.split()
    asked = f'{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _sluice; echo "${{COMPREPLY[@]}}"'
    completed = subprocess.run(["bash", "-c", asked], check=True, capture_output=True, text=True).stdout
    assert completed.split() == [expected]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    lane: Any = types.SimpleNamespace(next_offset=1_000, stats=Stats(retries=3))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(Progress, "CLOCK", staticmethod(iter([0.0, 10.0, 10.0, 10.0]).__next__))
    progress = Progress("a.ndjson", lane, 8_000, False, False)
    # Of 8,000 bytes 4,000 are read, and half of what is read is acknowledged.
    progress.position, progress.read, lane.next_offset = 10_000, 4_000, 5_000
    progress.tell()
    told = "a.ndjson [#####               ] 25% 5,000 400/s 0:00:30 left retries 3"
    assert terminal.getvalue() == f"\r{told}\x1b[K"
    figures = progress.figures()
    assert (figures["share"], figures["perSecond"], figures["secondsLeft"]) == (0.25, 400, 30.0)


def test_progress_of_a_source_without_an_end() -> None:
    lane: Any = types.SimpleNamespace(next_offset=0, stats=Stats())
    figures = Progress("-", lane, None, True, False).figures()
    assert (figures["share"], figures["secondsLeft"], figures["acknowledged"]) == (None, None, 0)
