"""The one stylesheet of the application, on a grid of 8 pixels (4 inside controls)."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.ui.common.style.tokens import Tokens

_SHEET = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px 8px; }

QMenuBar { background: $rail; border-bottom: 1px solid $border; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $tint; color: $text; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 32px 6px 8px; border-radius: 4px; }
QMenu::item:selected { background: $tint; color: $text; }
QMenu::item:disabled { color: $outline; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 16px; height: 16px; left: 6px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }

QPushButton, QToolButton, QComboBox {
    background: $surface; border: 1px solid $border; border-radius: 6px; min-height: 20px; padding: 5px 12px;
}
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton:hover, QToolButton:hover, QComboBox:hover { background: $sunken; }
QPushButton:pressed, QToolButton:pressed { background: $tint; }
QPushButton:disabled, QToolButton:disabled { color: $outline; background: $window; }
QPushButton:focus, QToolButton:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 4px 11px; outline: none;
}
QPushButton[look="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[look="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $sunken; color: $muted; border-color: $border; }
QPushButton[look="link"] { background: transparent; border-color: transparent; color: $accent; }
QPushButton[look="link"]:hover { background: $sunken; }
QPushButton[look="link"]:focus { border: 2px solid $accent; }
QPushButton[look="inline"] {
    background: transparent; border: 1px solid transparent; color: $accent; min-height: 0; padding: 0 4px;
}
QPushButton[look="inline"]:hover { background: $sunken; }
QPushButton[look="inline"]:focus { border: 1px solid $accent; }
QToolButton[look="quiet"] { background: transparent; border-color: transparent; padding: 3px; }
QToolButton[look="quiet"]:hover { background: $sunken; }
QToolButton[look="quiet"]:checked { background: $tint; border-color: $accent; }
QToolButton[look="quiet"]:focus { border: 2px solid $accent; padding: 2px; }

QComboBox { padding-right: 28px; }
QComboBox:focus { padding: 5px 27px 5px 11px; min-height: 18px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
    background: $surface; border: none; padding: 0; outline: none;
    selection-background-color: $tint; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: $tint; color: $text; }

QLineEdit, QPlainTextEdit, QTableView {
    background: $surface; border: 1px solid $outline; border-radius: 6px; padding: 5px 8px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QPlainTextEdit:focus, QTableView:focus { border: 2px solid $accent; padding: 4px 7px; }
QTableView { padding: 1px; gridline-color: $border; alternate-background-color: $sunken; }
QTableView:focus { padding: 0; }
QTableView::item { padding: 0 8px; }
QTreeView[look="table"] {
    background: $surface; border: 1px solid $outline; border-radius: 6px; padding: 1px;
}
QTreeView[look="table"]:focus { border: 2px solid $accent; padding: 0; }
QTreeView[look="table"]::item { padding: 5px 4px; }
QListView[look="table"] {
    background: $surface; border: 1px solid $outline; border-radius: 6px; padding: 3px; outline: none;
}
QListView[look="table"]:focus { border: 2px solid $accent; padding: 2px; }
QListView[look="table"]::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QListView[look="table"]::item:hover { background: $sunken; }
QListView[look="table"]::item:selected { background: $tint; color: $text; }
QHeaderView::section {
    background: $sunken; color: $muted; border: none; border-bottom: 1px solid $border; padding: 6px 11px;
}

QAbstractSpinBox {
    background: $surface; border: 1px solid $outline; border-radius: 6px;
    min-height: 20px; padding: 5px 26px 5px 2px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox:focus { border: 2px solid $accent; padding: 4px 25px 4px 1px; }
QAbstractSpinBox:disabled { color: $outline; background: $window; border-color: $border; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
    background: transparent; border: none; border-radius: 0; padding: 0;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 24px; border: none; background: transparent;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; width: 0; height: 0; }

QSlider { min-height: 24px; }
QSlider::groove:horizontal { height: 4px; background: $outline; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::sub-page:horizontal:disabled { background: $outline; }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
    background: $accent; border: 1px solid $accent;
}
QSlider::handle:horizontal:hover { background: $accent_hover; border-color: $accent_hover; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 10px; height: 10px; }
QSlider::handle:horizontal:disabled { background: $outline; border-color: $outline; }

QCheckBox { spacing: 8px; }
QCheckBox::indicator {
    width: 16px; height: 16px; border: 1px solid $outline; border-radius: 4px; background: $surface;
}
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:focus { border: 2px solid $accent; width: 14px; height: 14px; }
QCheckBox::indicator:checked:focus { border-color: $text; }
QCheckBox::indicator:checked:disabled { background: $outline; border-color: $outline; }

QRadioButton { spacing: 8px; }
QRadioButton::indicator {
    width: 16px; height: 16px; border: 1px solid $outline; border-radius: 9px; background: $surface;
}
QRadioButton::indicator:focus { border: 2px solid $accent; width: 14px; height: 14px; }
QRadioButton::indicator:checked {
    width: 8px; height: 8px; border: 5px solid $accent; background: $on_accent;
}
QRadioButton::indicator:checked:focus {
    width: 6px; height: 6px; border: 6px solid $accent; background: $on_accent;
}

QProgressBar { background: $sunken; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollArea, QScrollArea > QWidget > QWidget#page { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $outline; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame[look="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[look="rail"] { background: $rail; border: none; border-right: 1px solid $border; }
QFrame[look="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QLabel[look="badge"] {
    background: $sunken; color: $text; border-radius: 4px; padding: 2px 8px; font-weight: 600;
}
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="success"] { color: $success; }

QStatusBar { background: $rail; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QStatusBar QToolButton, QStatusBar QPushButton { min-height: 16px; padding: 1px 8px; }
QStatusBar QToolButton:focus, QStatusBar QPushButton:focus { padding: 0 7px; }
""")


def stylesheet(tokens: Tokens) -> str:
    """Fill the sheet with the colours of a theme."""
    return _SHEET.substitute(asdict(tokens))
