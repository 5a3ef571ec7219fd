// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/figure_frame.h"

#include "core/base/error.h"
#include "ui/plots/figure_export.h"
#include "ui/plots/file_writing.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace bitscape::ui {
namespace {

constexpr double kCopyScale = 2;
constexpr int kMostNeeded = 100; ///< pixels of a title

} // namespace

FigureFrame::FigureFrame(const QString& title, Figure* figure, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_figure(figure)
    , m_title(new QLabel(title))
    , m_fullTitle(title)
    , m_tools(new QHBoxLayout)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(8, 6, 8, 6);
    rows->setSpacing(2);
    m_title->setObjectName(QStringLiteral("heading"));
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_title->setTextFormat(Qt::PlainText);
    m_title->installEventFilter(this);
    auto* head = new QHBoxLayout;
    head->setSpacing(2);
    head->addWidget(m_title, 1);
    m_tools->setSpacing(4);
    head->addLayout(m_tools);
    head->addSpacing(4);
    m_legend = tool(QStringLiteral("legend"), QStringLiteral("legend"), tr("Show the legend"));
    m_legend->setCheckable(true);
    m_legend->setChecked(true);
    connect(m_legend, &QToolButton::toggled, this, [this](bool shown) { m_figure->showLegend(shown); });
    head->addWidget(m_legend);
    auto* reset = tool(QStringLiteral("reset-zoom"), QStringLiteral("reset"), tr("Everything in view (double click, 0)"));
    connect(reset, &QToolButton::clicked, m_figure, &Figure::resetView);
    head->addWidget(reset);
    addCopyMenu();
    head->addWidget(m_buttons.back().first);
    auto* save = tool(QStringLiteral("save"), QStringLiteral("save"), tr("Save as PNG, SVG, PDF or CSV"));
    connect(save, &QToolButton::clicked, this, &FigureFrame::askWhere);
    head->addWidget(save);
    rows->addLayout(head);
    rows->addWidget(figure, 1);
    connect(&theme, &Theme::changed, this, &FigureFrame::retheme);
    connect(figure, &Figure::legendChanged, this, &FigureFrame::showLegendState);
    showLegendState();
}

void FigureFrame::setTitle(const QString& title)
{
    m_fullTitle = title;
    fitTitle();
}

/// A word or two are always to be read; a longer title that has no room is cut, and told in whole by its tooltip.
void FigureFrame::fitTitle()
{
    m_title->setMinimumWidth(std::min(kMostNeeded, m_title->fontMetrics().horizontalAdvance(m_fullTitle) + 1));
    const QString fitting = m_title->fontMetrics().elidedText(m_fullTitle, Qt::ElideRight, m_title->width());
    m_title->setText(fitting);
    m_title->setToolTip(fitting == m_fullTitle ? QString() : m_fullTitle);
    m_title->setAccessibleName(m_fullTitle);
}

bool FigureFrame::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_title && event->type() == QEvent::Resize)
        fitTitle();
    return QWidget::eventFilter(watched, event);
}

void FigureFrame::showLegendState()
{
    const QSignalBlocker quiet(m_legend);
    m_legend->setVisible(m_figure->hasLegend());
    if (m_figure->hasLegend())
        m_legend->setChecked(m_figure->isLegendShown());
}

void FigureFrame::addTool(QWidget* tool)
{
    m_tools->addWidget(tool);
}

QToolButton* FigureFrame::tool(const QString& icon, const QString& name, const QString& help)
{
    auto* button = new QToolButton;
    button->setIcon(m_theme.icon(icon));
    button->setText(name);
    button->setObjectName(QStringLiteral("figure-") + name);
    button->setToolTip(help);
    button->setAccessibleName(help);
    button->setFocusPolicy(Qt::TabFocus);
    m_buttons.emplace_back(button, icon);
    return button;
}

void FigureFrame::addCopyMenu()
{
    auto* button = tool(QStringLiteral("copy"), QStringLiteral("copy"), tr("Copy the picture or its numbers"));
    auto* menu = new QMenu(button);
    menu->addAction(tr("Copy picture"), this, &FigureFrame::copyPicture);
    menu->addAction(tr("Copy numbers (CSV)"), this, [this] { QApplication::clipboard()->setText(m_figure->csv()); });
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
}

void FigureFrame::askWhere()
{
    auto* dialog = new QFileDialog(this, tr("Save figure"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(figureFilters());
    dialog->setDefaultSuffix(QStringLiteral("png"));
    dialog->selectFile(m_figure->fileName() + QStringLiteral(".png"));
    connect(dialog, &QFileDialog::filterSelected, dialog,
        [dialog](const QString& filter) { dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1)); });
    connect(dialog, &QFileDialog::fileSelected, this, &FigureFrame::saveTo);
    dialog->open();
}

void FigureFrame::saveTo(const QString& path)
{
    try {
        inBackground(
            *this, [file = drawFigure(*m_figure, path)] { writeFigure(file); }, [this, path] { emit saved(path); });
    } catch (const Error& error) {
        tellNotSaved(*this, QString::fromUtf8(error.what()));
    }
}

/// Encoded already: programs that ask for it do not wait, and neither does the window.
void FigureFrame::copyPicture()
{
    struct Copy {
        QImage image;
        QByteArray png;
    };
    const auto copy = std::make_shared<Copy>();
    const auto make = [copy, drawing = drawingOf(*m_figure, m_figure->size())] {
        copy->image = imageOf(drawing, kCopyScale);
        copy->png = pngOf(copy->image);
    };
    inBackground(*this, make, [this, copy] {
        auto* mime = new QMimeData;
        mime->setImageData(copy->image);
        mime->setData(QStringLiteral("image/png"), copy->png);
        QApplication::clipboard()->setMimeData(mime);
        emit copied();
    });
}

void FigureFrame::retheme()
{
    for (const auto& [button, icon] : m_buttons)
        button->setIcon(m_theme.icon(icon));
}

} // namespace bitscape::ui
