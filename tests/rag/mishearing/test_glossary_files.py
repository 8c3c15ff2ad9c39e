"""names.toml: what is read, what is refused, and that nothing the owner wrote is lost."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedded import EmbeddedEngine
from rag.errors import InputError
from rag.mishearing.glossaries import Glossaries, without_glossaries
from rag.mishearing.glossary import GlossaryName, as_toml, checked_name, parse_glossary, well_known
from tests.index.made_records import document, record
from tests.index.naive_engine import NaiveEngine

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters="\ufeff"), min_size=1, max_size=20
).map(lambda t: "a" + t)
"""Without what is taken out of every text that is read."""


def test_a_glossary_holds_names_with_how_they_are_said_and_what_was_heard() -> None:
    text = '[[name]]\nname = "Llwynfair"\nsaid = "loo-in-vire"\nheard = ["Lewin Fire", "Lou Invire"]\n'
    text += '[[name]]\nname = "Oske"'
    assert parse_glossary(text, source="names.toml") == (
        GlossaryName(name="Llwynfair", said=("loo-in-vire",), heard=("Lewin Fire", "Lou Invire")),
        GlossaryName(name="Oske"),
    )


@given(st.lists(st.builds(GlossaryName, name=TEXTS, said=st.tuples(TEXTS), heard=st.tuples(TEXTS, TEXTS))))
def test_a_glossary_that_is_written_is_read_back(names: list[GlossaryName]) -> None:
    by_name = {entry.name: entry for entry in names}
    read = parse_glossary(as_toml(list(by_name.values())), source="x")
    assert [(n.name, n.said, set(n.heard)) for n in read] == [(n.name, n.said, set(n.heard)) for n in by_name.values()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[name]\nname = 1", "line 1"),
        ('[[name]]\nname = "A"\n\n[[name]]\nheard = ["B"]', "number 2 has no name"),
        ('[[name]]\nname = "Oske"\nherd = ["Osk"]', "(Oske): there is no 'herd'; there are name, said, heard"),
        ('[[names]]\nname = "Oske"', "there is no 'names' in a glossary"),
        ('name = "Oske"', "outside of a [[name]]"),
        ('[[name]]\nname = "Oske"\nheard = [3]', "heard has to be a text in quotation marks"),
        ('[[name]]\nname = "Oske"\nheard = 3', "heard has to be a list of texts"),
        ('[[name]]\nname = " 12 "', "holds no letters"),
        (f'[[name]]\nname = "{"x" * 101}"', "has 101 characters"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_remedy(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_glossary(text, source="corpus/names.toml")
    assert str(refused.value).startswith("corpus/names.toml")
    assert said in str(refused.value)


def test_the_glossary_of_an_added_folder_is_kept_and_follows_the_file(tmp_path: Path) -> None:
    folder, engine = tmp_path / "talks", NaiveEngine()
    (folder / "old").mkdir(parents=True)
    glossaries = Glossaries(engine, tmp_path)
    (folder / "names.toml").write_text('[[name]]\nname = "Oske"', "utf-8")
    (folder / "old" / "names.toml").write_text('[[name]]\nname = "Vellmoor"', "utf-8")
    assert glossaries.note([str(folder)]) == []
    assert [entry.name for entry in glossaries.names()] == ["Oske", "Vellmoor"]
    (folder / "names.toml").write_text('[[name]]\nname = "Ösk"', "utf-8")
    assert glossaries.note([str(folder)], dry_run=True) == []
    assert Glossaries(engine, tmp_path).names()[0].name == "Oske"
    glossaries.note([str(folder / "names.toml")])
    assert {entry.name for entry in glossaries.names()} == {"Ösk", "Vellmoor"}
    (folder / "names.toml").unlink()
    glossaries.note([str(folder)])
    assert [entry.name for entry in glossaries.names()] == ["Vellmoor"]


def test_a_glossary_that_is_broken_is_reported_and_the_one_before_it_stays(tmp_path: Path) -> None:
    engine = NaiveEngine()
    file = tmp_path / "names.toml"
    file.write_text('[[name]]\nname = "Oske"', "utf-8")
    glossaries = Glossaries(engine, tmp_path / "home")
    glossaries.note([str(tmp_path)])
    file.write_text("[[name]]\nname = Oske", "utf-8")
    (fault,) = glossaries.note([str(tmp_path)])
    assert fault.source == str(file)
    assert "line 2" in fault.reason
    file.write_bytes(b'[[name]]\nname = "J\xf6nk"')
    (fault,) = glossaries.note([str(tmp_path)])
    assert "not UTF-8" in fault.reason
    assert [entry.name for entry in Glossaries(engine, tmp_path / "home").names()] == ["Oske"]


def test_a_glossary_in_a_folder_whose_name_is_not_utf8_is_kept_and_its_faults_can_be_shown(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "home", dimension=4, model="m")
    glossaries = Glossaries(engine, tmp_path / "home")
    for byte, name in ((b"\xe9", "Oske"), (b"\xe8", "Vellmoor")):
        folder = Path(os.fsdecode(os.fsencode(tmp_path / "talks") + byte))
        folder.mkdir()
        (folder / "names.toml").write_text(f'[[name]]\nname = "{name}"', "utf-8")
        assert glossaries.note([str(folder)]) == []
    assert {entry.name for entry in Glossaries(engine, tmp_path / "home").names()} == {"Oske", "Vellmoor"}
    (folder / "names.toml").write_text("name = ", "utf-8")
    (fault,) = glossaries.note([str(folder)])
    assert fault.source.endswith("talks%E8/names.toml")
    assert fault.reason.encode()
    (folder / "names.toml").unlink()
    glossaries.note([str(folder)])
    assert [entry.name for entry in glossaries.names()] == ["Oske"]
    engine.close()


def test_a_broken_glossary_in_the_data_folder_is_left_out_and_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "names.toml").write_text("name = ", "utf-8")
    glossaries = Glossaries(NaiveEngine(), tmp_path)
    assert glossaries.names() == ()
    assert "names.toml" in caplog.text
    assert [fault.source for fault in glossaries.faults()] == [str(tmp_path / "names.toml")]


def test_accepting_a_mishearing_keeps_all_that_stands_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "names.toml"
    file.write_text('# ours\n[[name]]\nname = "Oske" # the river\n', "utf-8")
    glossaries = Glossaries(NaiveEngine(), tmp_path)
    glossaries.accept(checked_name("Oske", "Oscar"))
    glossaries.accept(checked_name("Vellmoor", "Well More"))
    glossaries.accept(checked_name("Vellmoor", "Well More"))
    assert file.read_text("utf-8").startswith('# ours\n[[name]]\nname = "Oske" # the river\n')
    assert [(e.name, e.heard) for e in glossaries.names()] == [("Oske", ("Oscar",)), ("Vellmoor", ("Well More",))]


def test_a_mishearing_that_is_the_right_form_is_refused() -> None:
    with pytest.raises(InputError, match="right form already"):
        checked_name("Oske", "Oske")


def test_a_glossary_is_no_transcript() -> None:
    assert without_glossaries(["corpus", "corpus/names.toml", "https://x.example/names.toml"]) == [
        "corpus",
        "https://x.example/names.toml",
    ]


def test_well_known_names_help_until_the_collection_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = NaiveEngine()
    engine.replace(document("d"), [record(f"r{n}", "on the ward", fields={"collection": ("open",)}) for n in range(3)])
    engine.refresh()
    (tmp_path / "names.toml").write_text('[[name]]\nname = "Oske"', "utf-8")
    known = well_known()
    assert {"Jönköping", "Shewhart"} <= {entry.name for entry in known}
    glossaries = Glossaries(engine, tmp_path, well_known=known)
    assert [entry.name for entry in glossaries.names()] == [*(entry.name for entry in known), "Oske"]
    assert [entry.name for entry in glossaries.written()] == ["Oske"]
    monkeypatch.setattr("rag.mishearing.glossaries.MOST_RECORDS", 2)
    assert [entry.name for entry in Glossaries(engine, tmp_path, well_known=known).names()] == ["Oske"]
