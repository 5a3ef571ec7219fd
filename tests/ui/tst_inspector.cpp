// SPDX-License-Identifier: GPL-3.0-or-later
// The inspector on a small project, with real clicks and keys.
#include "ui/inspector/info_table.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/kernel_picture.h"
#include "ui/plots/figure_export.h"

#include "sample_project.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <memory>
#include <set>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x2009), QLatin1Char(' ')).replace(QChar(0x202f), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-'));
}

} // namespace

class TestInspector : public QObject {
    Q_OBJECT

    std::unique_ptr<Sample> m_sample;
    std::unique_ptr<SampleStudio> m_studio;

    static QString value(const QWidget& inspector, const char* table, const char* name)
    {
        const auto* found = inspector.findChild<InfoTable*>(QString::fromLatin1(table));
        if (!found || !found->isVisible())
            return QStringLiteral("(not shown)");
        const auto row = std::ranges::find(found->rows(), QString::fromLatin1(name), &InfoRow::name);
        return row == found->rows().end() ? QStringLiteral("(no such row)") : plain(row->value);
    }

    static void press(const QWidget& inspector, const char* name)
    {
        auto* button = inspector.findChild<QToolButton*>(QString::fromLatin1(name));
        QVERIFY(button);
        QVERIFY(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
    }

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void init()
    {
        m_studio = std::make_unique<SampleStudio>(m_sample->path);
        QTRY_VERIFY(m_studio->isOpen());
    }

    void cleanup() { m_studio.reset(); }

    void nothingIsASentence()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        const auto* hint = inspector.findChild<QLabel*>(QStringLiteral("hint"));
        QVERIFY(hint->isVisible() && !hint->text().isEmpty());
        m_studio->selection.selectRun(m_sample->search);
        QTRY_VERIFY(!hint->isVisible());
        m_studio->selection.selectRun({});
        QVERIFY(hint->isVisible());
    }

    void runsAreShownWithUnits()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        QCOMPARE(value(inspector, "inspector.figures", "Accuracy"), QStringLiteral("90.00 %"));
        QCOMPARE(value(inspector, "inspector.figures", "Difference"), QStringLiteral("-7.00 points"));
        QCOMPARE(value(inspector, "inspector.run", "Duration"), QStringLiteral("3:12"));
        QCOMPARE(value(inspector, "inspector.run", "Model"), QStringLiteral("lenet5"));
        QCOMPARE(value(inspector, "inspector.run", "Follows run"), QStringLiteral("2 score"));
        m_studio->selection.selectRun(m_sample->failed);
        QCOMPARE(value(inspector, "inspector.run", "What went wrong"), QStringLiteral("the data set is gone"));
        QCOMPARE(value(inspector, "inspector.figures", "Accuracy"), QStringLiteral("(not shown)"));
    }

    void arrowsStepThroughFiltersAndLayers()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(300, 3000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        QTRY_VERIFY(inspector.findChild<QToolButton*>(QStringLiteral("inspector.filter.down"))->isEnabled());
        press(inspector, "inspector.filter.down");
        QCOMPARE(m_studio->selection.filter(), (FilterRef { 0, 0 }));
        press(inspector, "inspector.layer.down");
        QCOMPARE(m_studio->selection.filter(), (FilterRef { 1, 0 }));
        QCOMPARE(value(inspector, "inspector.filter", "Bits"), QStringLiteral("0, pruned"));
        QCOMPARE(value(inspector, "inspector.layer", "MACs"), QStringLiteral("240 k → 225 k"));
        press(inspector, "inspector.filter.up");
        QCOMPARE(m_studio->selection.filter(), (FilterRef { 0, 5 }));
        QTest::keyClick(&inspector, Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE(m_studio->selection.filter(), (FilterRef { 1, 0 }));
        QTest::keyClick(&inspector, Qt::Key_PageDown, Qt::AltModifier);
        QTRY_COMPARE(m_studio->selection.filter(), (FilterRef { 2, 0 }));
    }

    void weightsAreThoseOfTheFilter()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        const auto* kernel = inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"));
        const auto expect = [&](std::size_t layer, std::size_t filter) {
            const auto n = static_cast<std::size_t>(m_sample->layers[layer].weightsPerFilter());
            std::vector<float> weights(n);
            for (std::size_t i = 0; i < n; ++i)
                weights[i] = weightAt(m_sample->offsetOf(layer) + filter * n + i);
            return weights;
        };
        m_studio->selection.selectFilter({ 1, 4 });
        QTRY_COMPARE(kernel->spec().stored, expect(1, 4));
        QCOMPARE(kernel->spec().channels, 6);
        const std::set<float> levels(kernel->spec().quantized.begin(), kernel->spec().quantized.end());
        QVERIFY(levels.size() <= 4 && !levels.contains(0)); // 2 bits, midrise
        m_studio->selection.selectFilter({ 1, 5 });
        QCOMPARE(kernel->spec().stored, expect(1, 5)); // at once: the weights are kept
        m_studio->selection.selectFilter({ 1, 0 });
        QVERIFY(std::ranges::all_of(kernel->spec().quantized, [](float w) { return w == 0; }));
        m_studio->selection.selectFilter({ 2, 7 });
        QCOMPARE(kernel->spec().stored, expect(2, 7));
        QVERIFY(kernel->spec().neuron);
    }

    void modelsAreShownWithoutARun()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        m_studio->selection.selectModel(m_studio->document.models().front().model.id);
        m_studio->selection.selectFilter({ 1, 2 });
        QCOMPARE(value(inspector, "inspector.layer", "MACs"), QStringLiteral("240 k"));
        QCOMPARE(value(inspector, "inspector.run", "Name"), QStringLiteral("(not shown)"));
        const auto* kernel = inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"));
        QTRY_COMPARE(kernel->spec().stored.size(), std::size_t { 150 });
        QVERIFY(kernel->spec().quantized.empty());
    }

    void sectionsCollapse()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(300, 2000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        const auto* table = inspector.findChild<InfoTable*>(QStringLiteral("inspector.figures"));
        QVERIFY(table->isVisible());
        press(inspector, "inspector.head.figures");
        QVERIFY(!table->isVisible());
        QTest::keyClick(inspector.findChild<QToolButton*>(QStringLiteral("inspector.head.figures")), Qt::Key_Space);
        QVERIFY(table->isVisible());
    }

    void figuresAreCopied()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(300, 2000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        auto* table = inspector.findChild<InfoTable*>(QStringLiteral("inspector.figures"));
        QLabel* macs = nullptr;
        for (QLabel* label : table->findChildren<QLabel*>()) {
            if (plain(label->text()) == QLatin1String("269 k"))
                macs = label;
        }
        QVERIFY(macs);
        const QPoint at = macs->mapTo(table, macs->rect().center());
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, table->mapToGlobal(at));
        QApplication::sendEvent(table, &event);
        auto* menu = inspector.findChild<QMenu*>(QStringLiteral("inspector.menu"));
        QVERIFY(menu && menu->isVisible());
        QCOMPARE(menu->actions().size(), 3);
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().at(1)).center());
        QTRY_COMPARE(plain(QApplication::clipboard()->text()), QStringLiteral("268 566"));
    }

    void narrowDocksShowEverything()
    {
        Inspector inspector(m_studio->context);
        m_studio->selection.selectRun(m_sample->search);
        m_studio->selection.selectFilter({ 1, 4 });
        inspector.resize(260, 900);
        inspector.show();
        const auto* scroll = inspector.findChild<QScrollArea*>();
        QTRY_VERIFY(inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"))->isVisible());
        QTRY_COMPARE(scroll->widget()->width(), scroll->viewport()->width());
    }

    void kernelsAreSavedAsShown()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(420, 3000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        m_studio->selection.selectFilter({ 1, 4 });
        auto* kernel = inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"));
        QTRY_VERIFY(kernel->isVisible() && kernel->height() == kernel->heightForWidth(kernel->width()));
        const QImage shown = kernel->grab().toImage().convertToFormat(QImage::Format_RGB32);
        const QImage saved = imageOf(*kernel, kernel->size(), 1).convertToFormat(QImage::Format_RGB32);
        QCOMPARE(saved.size(), shown.size());
        const QImage fine = imageOf(*kernel, kernel->size(), 2).convertToFormat(QImage::Format_RGB32);
        QCOMPARE(fine.size(), shown.size() * 2);
        std::set<QRgb> colours;
        int different = 0;
        for (int y = 30; y < 80; ++y) { // among the tiles
            for (int x = 10; x < 60; ++x) {
                colours.insert(shown.pixel(x, y));
                different += shown.pixel(x, y) != saved.pixel(x, y) || shown.pixel(x, y) != fine.pixel(2 * x, 2 * y);
            }
        }
        QVERIFY(colours.size() > 8);
        QVERIFY2(different < 250, qPrintable(QString::number(different))); // lines around tiles are thinner
        QCOMPARE(kernel->csv().count(QLatin1Char('\n')), 151);
    }

    void kernelsAreLaidOutInWhatIsThere()
    {
        for (const int channels : { 1, 3, 6, 64, 512 }) {
            for (const int side : { 1, 3, 5, 11 }) {
                for (const int width : { 60, 105, 300 }) {
                    KernelSpec spec;
                    spec.channels = channels;
                    spec.height = spec.width = side;
                    const KernelLayout layout = kernelLayout(width, 220, spec);
                    QVERIFY(layout.shown >= 1 && layout.shown <= channels);
                    QVERIFY(layout.columns * (side * layout.cell + layout.gap) - layout.gap <= width);
                    QVERIFY(layout.rows * (side * layout.cell + layout.gap) - layout.gap <= 220);
                    QVERIFY(layout.shown == channels || layout.cell == 3);
                    QVERIFY((layout.rows - 1) * layout.columns < layout.shown);
                }
            }
        }
    }
};

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
