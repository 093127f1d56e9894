"""Tables of the schemes that come with corpuscope, and of the categories of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from corpuscope.domain.category import CategoryScheme
from corpuscope.report.tables import Table

BUILT_IN_TITLE = "the built-in categories"
"""Title of a scheme whose file has none: people edit a copy of that of the built-in one."""


@dataclass(frozen=True, slots=True)
class SchemeListResult:
    """Named schemes in every output form."""

    schemes: Mapping[str, CategoryScheme]
    """The schemes by name."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002 - columns that do not fit go below
        """Return the table of schemes."""
        rows = tuple(
            (
                name,
                str(len(scheme.categories)),
                scheme.scale,
                "to the seven" if any(category.crosswalk for category in scheme.categories) else "",
                scheme.title or BUILT_IN_TITLE,
                scheme.source,
            )
            for name, scheme in self.schemes.items()
        )
        columns = ("scheme", "categories", "scale", "cross-walk", "title", "source")
        caption = (
            "to see one: corpuscope schemes NAME",
            "to label in one: corpuscope init --scheme NAME, in the folder of a new study",
            "definitions in the words of corpuscope",
        )
        return (Table("schemes", columns, rows, caption, text_columns=columns[2:]),)

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row per scheme."""
        (table,) = self.tables()
        yield table.columns
        yield from table.rows

    def as_json(self) -> object:
        """Return every scheme with its categories."""
        return {name: scheme_json(scheme) for name, scheme in self.schemes.items()}


@dataclass(frozen=True, slots=True)
class SchemeResult:
    """The categories of one scheme in every output form."""

    name: str
    """Name of the scheme."""
    scheme: CategoryScheme
    """The scheme."""

    def tables(self, width: int | None = None) -> Sequence[Table]:  # noqa: ARG002 - columns that do not fit go below
        """Return the table of categories."""
        columns = ("key", "category", "group", "definition", "here", "not", "cross-walk")
        rows = tuple(
            (
                " ".join(category.keys),
                category.name,
                category.group,
                category.definition,
                category.includes,
                category.excludes,
                ", ".join(category.crosswalk),
            )
            for category in self.scheme.categories
        )
        used = [i for i in range(len(columns)) if any(row[i] for row in rows)]
        return (
            Table(
                self.scheme.title or self.name,
                tuple(columns[i] for i in used),
                tuple(tuple(row[i] for i in used) for row in rows),
                tuple(filter(None, (self.scheme.source, f"scale: {self.scheme.scale}"))),
                prose=True,
            ),
        )

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row per category."""
        (table,) = self.tables()
        yield table.columns
        yield from table.rows

    def as_json(self) -> object:
        """Return the scheme with its categories."""
        return scheme_json(self.scheme)


def scheme_json(scheme: CategoryScheme) -> dict[str, object]:
    """Return title, source, scale and categories of a scheme."""
    return {
        "title": scheme.title,
        "source": scheme.source,
        "scale": scheme.scale,
        "score_column": scheme.score_column,
        "categories": [asdict(category) for category in scheme.categories],
    }
