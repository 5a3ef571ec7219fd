// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/comparison.h"
#include "ui/views/run_view.h"

#include <QWidget>

#include <array>
#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QStackedLayout;
class QTableView;
class QTabWidget;

namespace bitscape::ui {

class Chart;
class CompareFigureModel;
class CompareParameterModel;
class HeatMap;
class LinkedMaps;

/// Two to six runs side by side: figures and parameters, bits, scores, curves and classes, against a baseline that the person pins. A page
/// is drawn when it is looked at.
class CompareView final : public QWidget {
    Q_OBJECT
public:
    CompareView(const ViewContext& context, std::vector<RunId> runs, QWidget* parent = nullptr);

    /// "compare-3-4-5": the same runs have the same document.
    static QString idOf(const std::vector<RunId>& runs);
    /// "Compare #3 #4 #5"
    static QString titleOf(const std::vector<RunId>& runs);

private:
    enum Page { Figures, Bits, Scores, Curves, Classes, PageCount };

    QWidget* makeHead();
    QWidget* makeFigures();
    QWidget* makeBits();
    QWidget* makeScores();
    QWidget* makeCurves();
    QWidget* makeClasses();
    void setUpTable(QTableView& table, const QString& name, const QString& title);
    void connectChoices();
    void load(const std::vector<RunId>& runs);
    void take(Comparison comparison);
    void pin(std::size_t run);
    void showAllParameters(bool all);
    void outdate();
    void draw(int page);
    void drawFigures();
    void drawBits();
    void drawScores();
    void drawCurves();
    void drawClasses();
    void showSelection();
    void pickFilter(const FilterRef& filter);
    std::size_t other() const;

    ViewContext m_context;
    std::shared_ptr<const Comparison> m_comparison;
    std::size_t m_baseline = 0;
    QStackedLayout* m_stack;
    QLabel* m_hint;
    QTabWidget* m_pages;
    struct {
        QComboBox *baseline, *other, *order, *curve;
        QCheckBox* allParameters;
    } m_choices {};
    struct {
        QLabel *about, *bits, *colours, *scores, *pairs;
    } m_words {};
    struct {
        Chart *scores, *curves, *classes;
        HeatMap* confusion;
        LinkedMaps* maps;
    } m_figures {};
    struct {
        CompareFigureModel* figures;
        CompareParameterModel* parameters;
        QTableView *figureTable, *parameterTable;
    } m_tables {};
    std::array<bool, PageCount> m_stale {};
};

} // namespace bitscape::ui
