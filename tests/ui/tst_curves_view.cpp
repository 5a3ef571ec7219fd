// SPDX-License-Identifier: GPL-3.0-or-later
// The curves view on a small project, with real clicks and keys.
#include "ui/plots/chart.h"
#include "ui/views/curves_view.h"

#include "sample_project.h"

#include <QCheckBox>
#include <QComboBox>
#include <QTest>

#include <memory>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

/// Clicks where a point's tooltip has these words; false where no point has.
bool clickOn(Chart& chart, const QString& words)
{
    for (int y = 0; y < chart.height(); y += 3) {
        for (int x = 0; x < chart.width(); x += 3) {
            if (!chart.tooltipAt(QPointF(x, y)).contains(words))
                continue;
            QWidget* under = chart.childAt(x, y);
            QWidget* target = under ? under : &chart;
            QTest::mouseClick(target, Qt::LeftButton, {}, target->mapFrom(&chart, QPoint(x, y)));
            return true;
        }
    }
    return false;
}

} // namespace

class TestCurvesView : public QObject {
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;
    std::unique_ptr<SampleStudio> m_studio;

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void init()
    {
        m_studio = std::make_unique<SampleStudio>(m_sample->path);
        QTRY_VERIFY(m_studio->isOpen());
    }

    void cleanup() { m_studio.reset(); }

    void curvesShowRunsOfTheModel()
    {
        CurvesView view(m_studio->context);
        view.resize(800, 500);
        view.show();
        const auto* chart = view.findChild<Chart*>(QStringLiteral("curves.chart"));
        QVERIFY(!chart->isVisible());
        m_studio->selection.selectRun(m_sample->search);
        QTRY_VERIFY(chart->isVisible());
        const auto& series = chart->spec().series;
        QCOMPARE(series.size(), std::size_t { 3 }); // front, training, searches of two seeds as one point
        QCOMPARE(series[2].y, (std::vector<double> { 91.5 }));
        QVERIFY(series[2].notes.front().contains(QStringLiteral("n = 2, seeds 1, 2")));
        auto* cost = view.findChild<QComboBox*>(QStringLiteral("curves.cost"));
        cost->setFocus();
        QTest::keyClick(cost, Qt::Key_End);
        QCOMPARE(chart->spec().x.title, QStringLiteral("average bits per weight"));
        QCOMPARE(chart->spec().series[1].x, (std::vector<double> { 32 }));
        auto* log = view.findChild<QCheckBox*>(QStringLiteral("curves.log"));
        QTest::mouseClick(log, Qt::LeftButton, {}, QPoint(6, log->height() / 2));
        QVERIFY(chart->spec().x.logarithmic);
    }

    void curvesNeedNoRun()
    {
        CurvesView view(m_studio->context);
        view.show();
        view.setResults(nullptr);
        const auto* chart = view.findChild<Chart*>(QStringLiteral("curves.chart"));
        QVERIFY(!chart->isVisible());
        m_studio->selection.selectModel(m_studio->document.models().front().model.id);
        QVERIFY(chart->isVisible());
    }

    void aPointOpensItsRun()
    {
        CurvesView view(m_studio->context);
        view.show();
        m_studio->selection.selectRun(m_sample->train);
        auto* chart = view.findChild<Chart*>(QStringLiteral("curves.chart"));
        QTRY_VERIFY(clickOn(*chart, QStringLiteral("n = 2")));
        QCOMPARE(m_studio->selection.run(), std::optional(m_sample->search));
    }
};

QTEST_MAIN(TestCurvesView)
#include "tst_curves_view.moc"
