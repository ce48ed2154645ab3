"""Which pages the entries of index pages name, and which of these are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from review_db.connection import Database
from review_db.index_entries import codes_of_title
from review_db.printed_pages import book_part, named_numbers, page_key, referred_section, without_figure


class LinkedEntry(NamedTuple):
    """An index entry, the index page that prints it, and the ids of the pages that it names.

    `missing` tells that it names a page or a section of which no scan is there; an entry whose page was not read or
    not printed is not missing.
    """

    section_id: str
    code: str
    title: str
    page: str
    source: str
    page_id: str
    found_on: tuple[str, ...]
    missing: bool


class _Place(NamedTuple):
    """A page that an entry may name."""

    page_id: str
    part: str
    section_id: str
    is_index: bool


_ByName = dict[tuple[str, str], list[_Place]]
"""(manual, number or code) -> pages."""


def linked_entries(db: Database) -> Iterator[LinkedEntry]:
    """Every current entry in printed order with the pages it names."""
    rows = db.conn.execute(
        "SELECT e.section_id, e.code, e.title, e.page, p.source, p.page_id, p.page_number, p.manual "
        "FROM index_entries e JOIN current_pages p USING (page_version_id) WHERE e.is_current = 1 "
        "ORDER BY p.sort_key, p.page_id, e.position"
    ).fetchall()
    places = _Places(db) if rows else None
    for section_id, code, title, named, source, page_id, number, manual in rows:
        part = book_part(source, number)
        found = places.named(manual, part, section_id, code, named) if places else []
        yield LinkedEntry(
            section_id, code, title, named, source, page_id, tuple(found), missing=bool(named) and not found
        )


def codes_by_page(entries: Iterable[LinkedEntry]) -> dict[str, list[str]]:
    """page_id -> the codes of the entries that name the page, in printed order, each once."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        for page_id in entry.found_on if entry.code and not referred_section(entry.page) else ():
            found.setdefault(page_id, {})[entry.code] = None
    return {page_id: list(codes) for page_id, codes in found.items()}


def counts(db: Database) -> dict[str, int]:
    """How many entries the indices have, and how many of them name a page of which no scan is there."""
    missing = [entry.missing for entry in linked_entries(db)]
    return {"entries": len(missing), "missing": sum(missing)}


class _Places:
    """Where the pages of a database stand: by printed number, by the number of their file, by code and by section."""

    def __init__(self, db: Database) -> None:
        self._printed: _ByName = {}
        self._filed: _ByName = {}
        self._coded: _ByName = {}
        self._sections: dict[tuple[str, str], list[str]] = {}
        rows = db.conn.execute(
            "SELECT page_id, manual, source, page_number, section_id, printed_page, title, is_index, width > height "
            "FROM current_pages WHERE status = 'ok' AND duplicate_of IS NULL ORDER BY is_index DESC, sort_key, page_id"
        )
        for page_id, manual, source, page_number, section_id, printed, title, is_index, is_wide in rows:
            self._sections.setdefault((manual, section_id), []).append(page_id)
            place = _Place(page_id, book_part(source, page_number), section_id, bool(is_index))
            for number in named_numbers(source, page_number, is_wide=bool(is_wide)):
                self._filed.setdefault((manual, page_key(number)), []).append(place)
            if printed:
                self._printed.setdefault((manual, page_key(printed)), []).append(place)
            for code in [] if is_index else codes_of_title(title):
                self._coded.setdefault((manual, code), []).append(place)

    def named(self, manual: str, part: str, section_id: str, code: str, page: str) -> list[str]:
        """The ids of the pages that an entry names: by number, else by the code in their titles.

        "see Group 16" names the first page of that section, its index where there is one; "7000-8-3" page 7000-8
        where no page has that number as it stands.
        """
        group = referred_section(page)
        if group:
            return self._sections.get((manual, group), [])[:1]
        tried = [page_key(number) for number in (page, without_figure(page)) if number]
        ways = [(by_number, number) for number in tried for by_number in (self._printed, self._filed)]
        for by_name, name in [*ways, (self._coded, code)] if page else []:
            places = by_name.get((manual, name), [])
            here = _nearest(places, part, section_id) or (places if "-" in name and not section_id else [])
            if here:
                return [place.page_id for place in here][: 1 if by_name is self._coded else None]
        return []


def _nearest(places: Sequence[_Place], part: str, section_id: str) -> list[_Place]:
    """Those of the same folder or PDF, else of the same section; an index page only where there is no other."""
    own = [place for place in places if place.part == part]
    own = own or [place for place in places if section_id and place.section_id == section_id]
    return [place for place in own if not place.is_index] or own
