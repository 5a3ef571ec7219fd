// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspector/info_rows.h"
#include "ui/style/theme.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;

namespace bitscape::ui {

/// Names and figures in two columns that wrap where they do not fit. Text can be selected; a context menu copies a figure, every digit of
/// it, or all of them.
class InfoTable final : public QWidget {
    Q_OBJECT
public:
    explicit InfoTable(const Theme& theme, QWidget* parent = nullptr);

    void setRows(const InfoRows& rows);
    const InfoRows& rows() const { return m_rows; }

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Line {
        QLabel* name;
        QLabel* value;
    };
    Line newLine();
    void fill(const Line& line, const InfoRow& row) const;
    void restyle();
    int rowAt(const QPoint& position) const;

    const Theme& m_theme;
    QGridLayout* m_grid;
    std::vector<Line> m_lines; ///< as many as were ever needed
    InfoRows m_rows;
};

/// All rows as text, "name<tab>figure" each.
QString textOf(const InfoRows& rows);

} // namespace bitscape::ui
