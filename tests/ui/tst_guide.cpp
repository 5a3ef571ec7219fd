// SPDX-License-Identifier: GPL-3.0-or-later
// The guide holds together: every page, link, anchor and picture is there, and help leads to the page that belongs to where one is.
#include "tests/ui/studio_fixture.h"

#include "ui/forms/new_run_dialog.h"
#include "ui/help/guide.h"
#include "ui/help/guide_browser.h"
#include "ui/help/guide_search.h"
#include "ui/help/help_topics.h"
#include "ui/help/help_window.h"
#include "ui/help/parameter_page.h"

#include "core/jobs/parameters.h"

#include <QDir>
#include <QImage>
#include <QListWidget>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeWidget>

#include <algorithm>

using namespace studio_test;

namespace {

constexpr std::array kKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate };

bool isPage(const QString& id)
{
    return std::ranges::find(guidePages(), id, &GuidePage::id) != guidePages().end();
}

/// What is found in a page as it is shown, character format by character format.
template <typename Take> void eachFormat(const QTextDocument& document, Take take)
{
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it)
            take(it.fragment().charFormat());
    }
}

QStringList shownAnchors(const QTextDocument& document)
{
    QStringList anchors;
    eachFormat(document, [&](const QTextCharFormat& format) { anchors << format.anchorNames(); });
    return anchors;
}

} // namespace

class TestGuide final : public QObject {
    Q_OBJECT
    Theme m_theme;

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }

    void everyPageIsThere()
    {
        QStringList listed;
        for (const GuidePage& page : guidePages()) {
            QVERIFY2(guideText(page.id).startsWith(QLatin1String("# ")), qPrintable(page.id));
            QVERIFY2(!guideTitle(page.id).isEmpty(), qPrintable(page.id));
            listed << page.id;
        }
        QCOMPARE(QSet<QString>(listed.begin(), listed.end()).size(), listed.size());
        for (const QString& file : QDir(QStringLiteral(":/help")).entryList({ QStringLiteral("*.md") }))
            QVERIFY2(listed.contains(file.chopped(3)), qPrintable(file + QStringLiteral(" is not in the contents")));
    }

    /// As shown, so that what Markdown makes of a page counts, not what was meant.
    void everyLinkLeadsSomewhere()
    {
        GuideBrowser browser(m_theme), other(m_theme);
        int links = 0;
        for (const GuidePage& page : guidePages()) {
            browser.open(page.id);
            QCOMPARE(browser.page(), page.id);
            QStringList targets;
            eachFormat(*browser.document(), [&](const QTextCharFormat& format) { targets << format.anchorHref(); });
            targets.removeAll(QString());
            for (const QString& target : targets) {
                ++links;
                if (target.startsWith(QLatin1String("https://arxiv.org/abs/")))
                    continue;
                const QString id = target.section(QLatin1Char('#'), 0, 0).remove(QStringLiteral(".md")),
                              anchor = target.section(QLatin1Char('#'), 1);
                QVERIFY2(isPage(id), qPrintable(page.id + QStringLiteral(" links to ") + target));
                other.open(id);
                QVERIFY2(anchor.isEmpty() || shownAnchors(*other.document()).contains(anchor),
                    qPrintable(page.id + QStringLiteral(" links to ") + target));
            }
            const qsizetype written = guideText(page.id).count(QStringLiteral("]("));
            QVERIFY2(targets.size() + guideText(page.id).count(QStringLiteral("![")) >= written,
                qPrintable(page.id + QStringLiteral(" has a link that is shown as text")));
        }
        QVERIFY(links > 150);
    }

    void everyPictureIsThereTwice()
    {
        static const QRegularExpression picture(QStringLiteral(R"(!\[([^\]]+)\]\(([^)]+)\))"));
        QSet<QString> used;
        for (const GuidePage& page : guidePages()) {
            auto matches = picture.globalMatch(guideText(page.id));
            while (matches.hasNext()) {
                const QString file = matches.next().captured(2);
                QVERIFY2(file.contains(QLatin1String("-light.")), qPrintable(file));
                for (const QString& each : { file, QString(file).replace(QLatin1String("-light."), QLatin1String("-dark.")) }) {
                    QVERIFY2(!QImage(QStringLiteral(":/help/") + each).isNull(), qPrintable(page.id + QStringLiteral(": ") + each));
                    used << QFileInfo(each).fileName();
                }
            }
        }
        const QStringList kept = QDir(QStringLiteral(":/help/pictures")).entryList();
        QCOMPARE(used, QSet<QString>(kept.begin(), kept.end()));
    }

    void everyViewHasItsPage()
    {
        for (const ViewKind& kind : viewKinds()) {
            QWidget view;
            view.setObjectName(QStringLiteral("view-") + kind.id);
            const QWidget inside(&view);
            QCOMPARE(helpTopic(&inside), QStringLiteral("view-") + kind.id);
            QVERIFY2(isPage(QStringLiteral("view-") + kind.id), qPrintable(kind.id));
            QCOMPARE(guideTitle(QStringLiteral("view-") + kind.id), kind.title);
        }
        QWidget compared;
        compared.setObjectName(QStringLiteral("view-compare-3-4"));
        QCOMPARE(helpTopic(&compared), QStringLiteral("view-compare"));
    }

    void everyParameterHasItsAnchorAndSource()
    {
        GuideBrowser browser(m_theme);
        browser.open(QStringLiteral("parameters"));
        const QStringList anchors = shownAnchors(*browser.document());
        for (const RunKind kind : kKinds) {
            for (const ParameterSpec& spec : parametersOf(kind)) {
                QVERIFY2(anchors.contains(QString::fromStdString(spec.name)), spec.name.c_str());
                QVERIFY2(isPage(pageOfSource(spec.source)), spec.source.c_str());
                QVERIFY2(browser.toPlainText().contains(QString::fromStdString(spec.help).mid(1)), spec.help.c_str());
            }
        }
    }

    void wordsAreFoundWhereTheyStand()
    {
        QVERIFY(searchGuide({}).empty());
        QVERIFY(searchGuide({ QStringLiteral("no-such-word-anywhere") }).empty());
        const auto hits = searchGuide({ QStringLiteral("mcnemar") });
        QVERIFY(std::ranges::find(hits, QStringLiteral("view-compare"), &GuideHit::page) != hits.end());
        for (const GuideHit& hit : hits) {
            QVERIFY2(guideText(hit.page).contains(QLatin1String("McNemar")), qPrintable(hit.page));
            QVERIFY2(guideAnchors(guideText(hit.page)).contains(hit.anchor), qPrintable(hit.page + QLatin1Char('#') + hit.anchor));
        }
        QCOMPARE(searchGuide({ QStringLiteral("floor_decay") }).front().anchor, QStringLiteral("floor_decay"));
    }

    /// F1 in the window, and in a field of a dialog above it.
    void f1OpensWhereOneIs()
    {
        Place place;
        MainWindow* window = place.studio->newWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        QTest::keyClick(window, Qt::Key_F1);
        QTRY_VERIFY(place.studio->help() && place.studio->help()->isVisible());
        QCOMPARE(place.studio->help()->browser().page(), QStringLiteral("index"));
        place.studio->help()->close();

        ParameterForm form(RunKind::Search);
        form.show();
        QVERIFY(QTest::qWaitForWindowActive(&form));
        ParameterEditor* editor = form.editor("floor_decay");
        editor->setFocus();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F1);
        QTRY_VERIFY(place.studio->help()->isVisible());
        QCOMPARE(place.studio->help()->browser().address().toString(), QStringLiteral("qrc:/help/parameters.md#floor_decay"));
        form.activateWindow();
        QTest::mouseClick(form.editor("order")->findChild<QToolButton*>(QStringLiteral("more")), Qt::LeftButton);
        QTRY_COMPARE(place.studio->help()->browser().address().fragment(), QStringLiteral("order"));
    }

    void theWindowReadsAndSearches()
    {
        const QTemporaryDir folder;
        QSettings store(folder.filePath(QStringLiteral("s")), QSettings::IniFormat);
        HelpWindow help(m_theme, store);
        help.open({});
        QVERIFY(QTest::qWaitForWindowActive(&help));
        auto* contents = help.findChild<QTreeWidget*>(QStringLiteral("help-contents"));
        auto* hits = help.findChild<QListWidget*>(QStringLiteral("help-hits"));
        QCOMPARE(contents->currentItem()->text(0), guideTitle(QStringLiteral("index")));
        help.open(QStringLiteral("fisher"));
        QCOMPARE(contents->currentItem()->text(0), guideTitle(QStringLiteral("fisher")));
        QTest::mouseClick(help.findChild<QToolButton*>(QStringLiteral("help-back")), Qt::LeftButton);
        QCOMPARE(help.browser().page(), QStringLiteral("index"));
        QTest::mouseClick(help.findChild<QToolButton*>(QStringLiteral("help-forward")), Qt::LeftButton);
        QCOMPARE(help.browser().page(), QStringLiteral("fisher"));
        QTest::keyClick(&help, Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("slimmable"));
        QVERIFY(hits->isVisible() && hits->count() > 0);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QTest::keyClick(hits, Qt::Key_Down);
        QVERIFY(help.browser().toPlainText().contains(QLatin1String("slimmable"), Qt::CaseInsensitive));
        QVERIFY(!help.browser().extraSelections().isEmpty());
        QTest::keyClick(&help, Qt::Key_Escape);
        QVERIFY(contents->isVisible());
        help.open(QStringLiteral("no such page"));
        QCOMPARE(help.browser().page(), QStringLiteral("index"));
        QTest::keyClick(&help, Qt::Key_Escape);
        QTRY_VERIFY(!help.isVisible());
    }

    /// Pages of all lengths, one after the other in a window that is shown and resized.
    void pagesAreTurnedQuickly()
    {
        GuideBrowser browser(m_theme);
        browser.show();
        QVERIFY(QTest::qWaitForWindowExposed(&browser));
        for (const int width : { 500, 900, 700 }) {
            browser.resize(width, width == 900 ? 3000 : 300);
            for (const GuidePage& page : guidePages()) {
                browser.open(page.id);
                browser.markWords({ QStringLiteral("filter") });
                QCoreApplication::sendPostedEvents();
                QCOMPARE(browser.page(), page.id);
            }
        }
        for (qsizetype i = 0; i < 10; ++i)
            browser.backward();
        QCOMPARE(browser.page(), guidePages()[guidePages().size() - 11].id);
    }

    /// Long anchors far down a page come into view, and a change of the look keeps the place.
    void anchorsAreScrolledTo()
    {
        GuideBrowser browser(m_theme);
        browser.resize(800, 500);
        browser.show();
        QVERIFY(QTest::qWaitForWindowExposed(&browser));
        browser.open(QStringLiteral("parameters#cache_mib"));
        const auto top = [&] { return browser.cursorForPosition(QPoint(30, 30)).block().text(); };
        QTRY_VERIFY2(
            top().contains(QLatin1String("cache_mib")) || browser.verticalScrollBar()->value() == browser.verticalScrollBar()->maximum(),
            qPrintable(top()));
        QVERIFY(browser.verticalScrollBar()->value() > 1000);
    }
};

QTEST_MAIN(TestGuide)
#include "tst_guide.moc"
