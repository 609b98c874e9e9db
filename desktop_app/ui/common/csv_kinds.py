"""The kinds of CSV that a dialog for saving offers."""

from __future__ import annotations

from desktop_app.core.classify.results_csv import CsvStyle, marks_by_default

_PLAIN = {"CSV, one row a picture (*.csv)": CsvStyle()}
_EXCEL = {"CSV for Excel, one row a picture (*.csv)": CsvStyle(mark=True)}
_LABELS = {"CSV, one row a label (*.csv)": CsvStyle("labels")}


def csv_kinds() -> dict[str, CsvStyle]:
    """The filters of the dialog and what each stands for; the one that suits this system comes first."""
    first, second = (_EXCEL, _PLAIN) if marks_by_default() else (_PLAIN, _EXCEL)
    return {**first, **second, **_LABELS}


def csv_style(kind: str) -> CsvStyle:
    """What a chosen filter stands for; where it is none of CSV, that of the first."""
    kinds = csv_kinds()
    return kinds.get(kind, next(iter(kinds.values())))
