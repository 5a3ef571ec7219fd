// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/help_window.h"

#include "ui/help/guide.h"
#include "ui/help/guide_browser.h"
#include "ui/help/guide_search.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

constexpr int kTopicRole = Qt::UserRole;
const QString kGeometry = QStringLiteral("help/geometry");

} // namespace

HelpWindow::HelpWindow(const Theme& theme, QSettings& store)
    : m_theme(theme)
    , m_store(store)
    , m_browser(new GuideBrowser(theme))
    , m_line(new QLineEdit)
    , m_left(new QStackedWidget)
    , m_contents(new QTreeWidget)
    , m_hits(new QListWidget)
{
    setObjectName(QStringLiteral("help"));
    setAttribute(Qt::WA_QuitOnClose, false); // the studio does not stay for its guide
    resize(1100, 760);
    m_line->setObjectName(QStringLiteral("help-search"));
    m_line->setPlaceholderText(tr("Search the guide (Ctrl+F)"));
    m_line->setAccessibleName(tr("Search the guide"));
    m_line->setClearButtonEnabled(true);
    m_contents->setObjectName(QStringLiteral("help-contents"));
    m_contents->setAccessibleName(tr("Contents"));
    m_contents->setHeaderHidden(true);
    m_contents->setRootIsDecorated(false);
    m_hits->setObjectName(QStringLiteral("help-hits"));
    m_hits->setAccessibleName(tr("What was found"));
    m_hits->setWordWrap(true);
    m_hits->setAlternatingRowColors(true);
    m_left->addWidget(m_contents);
    m_left->addWidget(m_hits);
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(8, 8, 0, 0);
    column->addWidget(m_line);
    column->addWidget(m_left, 1);
    auto* halves = new QSplitter;
    halves->addWidget(left);
    halves->addWidget(m_browser);
    halves->setStretchFactor(1, 1);
    halves->setSizes({ 270, 830 });
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(head());
    rows->addWidget(halves, 1);
    fillContents();
    connect(m_line, &QLineEdit::textChanged, this, &HelpWindow::search);
    connect(m_line, &QLineEdit::returnPressed, this, [this] { m_hits->setFocus(); });
    connect(m_contents, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        if (item && !item->data(0, kTopicRole).isNull())
            m_browser->open(item->data(0, kTopicRole).toString());
    });
    connect(m_hits, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item)
            m_browser->open(item->data(kTopicRole).toString());
    });
    connect(m_browser, &GuideBrowser::opened, this, &HelpWindow::showPlace);
    connect(&theme, &Theme::changed, this, &HelpWindow::retheme);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_line, [this] { m_line->setFocus(); });
    connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QWidget::close);
    connect(new QShortcut(Qt::Key_Escape, this), &QShortcut::activated, this,
        [this] { m_line->text().isEmpty() ? void(close()) : m_line->clear(); });
    retheme();
    restoreGeometry(store.value(kGeometry).toByteArray());
}

HelpWindow::~HelpWindow()
{
    m_store.setValue(kGeometry, saveGeometry());
}

QWidget* HelpWindow::head()
{
    auto* bar = new QWidget;
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(8, 6, 8, 6);
    line->setSpacing(4);
    QToolButton* back = button("help-back", "left", tr("Back"), QKeySequence::Back);
    QToolButton* forward = button("help-forward", "right", tr("Forward"), QKeySequence::Forward);
    QToolButton* smaller = button("help-smaller", "zoom-out", tr("Smaller text"), QKeySequence::ZoomOut);
    QToolButton* larger = button("help-larger", "zoom-in", tr("Larger text"), QKeySequence::ZoomIn);
    back->setEnabled(false);
    forward->setEnabled(false);
    connect(back, &QToolButton::clicked, m_browser, &QTextBrowser::backward);
    connect(forward, &QToolButton::clicked, m_browser, &QTextBrowser::forward);
    connect(m_browser, &QTextBrowser::backwardAvailable, back, &QWidget::setEnabled);
    connect(m_browser, &QTextBrowser::forwardAvailable, forward, &QWidget::setEnabled);
    connect(smaller, &QToolButton::clicked, m_browser, [this] { m_browser->resizeText(-1); });
    connect(larger, &QToolButton::clicked, m_browser, [this] { m_browser->resizeText(1); });
    line->addWidget(back);
    line->addWidget(forward);
    line->addStretch(1);
    line->addWidget(smaller);
    line->addWidget(larger);
    return bar;
}

QToolButton* HelpWindow::button(const char* name, const char* icon, const QString& help, const QKeySequence& keys)
{
    auto* made = new QToolButton;
    made->setObjectName(QString::fromLatin1(name));
    made->setToolTip(QStringLiteral("%1 (%2)").arg(help, keys.toString(QKeySequence::NativeText)));
    made->setAccessibleName(help);
    made->setShortcut(keys);
    made->setAutoRaise(true);
    m_buttons.emplace_back(made, QString::fromLatin1(icon));
    return made;
}

void HelpWindow::fillContents()
{
    QTreeWidgetItem* group = nullptr;
    for (const GuidePage& page : guidePages()) {
        if (!group || group->text(0) != page.group) {
            group = new QTreeWidgetItem(m_contents, { page.group });
            group->setFlags(Qt::ItemIsEnabled);
            QFont font = group->font(0);
            font.setWeight(QFont::DemiBold);
            group->setFont(0, font);
        }
        auto* item = new QTreeWidgetItem(group, { guideTitle(page.id) });
        item->setData(0, kTopicRole, page.id);
    }
    m_contents->expandAll();
}

void HelpWindow::search()
{
    const QStringList words = m_line->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_hits->clear();
    m_left->setCurrentWidget(words.isEmpty() ? static_cast<QWidget*>(m_contents) : m_hits);
    for (const GuideHit& hit : searchGuide(words)) {
        auto* item = new QListWidgetItem(QStringLiteral("%1\n%2").arg(hit.title, hit.line.left(110)), m_hits);
        item->setData(kTopicRole, QStringLiteral("%1#%2").arg(hit.page, hit.anchor));
        item->setToolTip(guideTitle(hit.page));
    }
    if (!words.isEmpty() && m_hits->count() == 0)
        (new QListWidgetItem(tr("Nothing has all of these words."), m_hits))->setFlags(Qt::NoItemFlags);
    m_browser->markWords(words);
}

void HelpWindow::open(const QString& topic)
{
    m_browser->open(topic);
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
    m_browser->setFocus();
}

/// The contents follow the page.
void HelpWindow::showPlace()
{
    setWindowTitle(tr("%1 – Bitscape guide").arg(guideTitle(m_browser->page())));
    const QSignalBlocker quiet(m_contents);
    for (QTreeWidgetItemIterator it(m_contents); *it; ++it) {
        if ((*it)->data(0, kTopicRole).toString() == m_browser->page())
            m_contents->setCurrentItem(*it);
    }
}

void HelpWindow::retheme()
{
    for (const auto& [button, icon] : m_buttons)
        button->setIcon(m_theme.icon(icon));
    setWindowIcon(m_theme.icon("help"));
}

} // namespace bitscape::ui
