// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/guide_look.h"

#include "ui/help/guide.h"

#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextTable>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr double kHeadingScale[] = { 1.0, 1.75, 1.3, 1.1, 1.0, 1.0, 1.0 };

/// Over the characters of a block, fragment by fragment as they are before the first change, which moves them about.
template <typename Change> void eachFragment(const QTextBlock& block, Change change)
{
    struct Piece {
        int position, length;
        QTextCharFormat format;
    };
    std::vector<Piece> pieces;
    for (auto it = block.begin(); !it.atEnd(); ++it)
        pieces.push_back({ it.fragment().position(), it.fragment().length(), it.fragment().charFormat() });
    for (const Piece& piece : pieces) {
        QTextCursor cursor(block);
        cursor.setPosition(piece.position);
        cursor.setPosition(piece.position + piece.length, QTextCursor::KeepAnchor);
        change(cursor, piece.format);
    }
}

void dressHeading(QTextCursor& cursor, int level, const Colours& colours)
{
    QTextBlockFormat block = cursor.blockFormat();
    block.setTopMargin(level == 1 ? 4 : level == 2 ? 22 : 16);
    block.setBottomMargin(level == 1 ? 12 : 6);
    cursor.setBlockFormat(block);
    QTextCharFormat look;
    look.setFontPointSize(cursor.document()->defaultFont().pointSizeF() * kHeadingScale[level]);
    look.setFontWeight(QFont::DemiBold);
    look.setForeground(colours.text);
    look.setAnchor(true);
    look.setAnchorNames({ guideAnchor(cursor.block().text()) });
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    cursor.mergeCharFormat(look);
}

/// Scaled here and not while painting, which would be rough.
void dressPicture(QTextCursor& cursor, QTextImageFormat image, const GuidePictures& pictures)
{
    const QUrl name(image.name());
    QImage picture = pictures.load(name);
    const QSize shown
        = picture.width() > pictures.width ? QSize(pictures.width, picture.height() * pictures.width / picture.width()) : picture.size();
    const QSize pixels = shown * pictures.scale;
    if (pixels.width() < picture.width())
        picture = picture.scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    cursor.document()->addResource(QTextDocument::ImageResource, name, picture);
    cursor.document()->addResource(QTextDocument::ImageResource, cursor.document()->baseUrl().resolved(name), picture);
    image.setWidth(shown.width());
    image.setHeight(shown.height());
    cursor.setCharFormat(image);
    QTextBlockFormat line = cursor.blockFormat();
    line.setLineHeight(0, QTextBlockFormat::SingleHeight);
    cursor.setBlockFormat(line);
}

void dressCode(QTextCursor& cursor, const Colours& colours)
{
    QTextBlockFormat block = cursor.blockFormat();
    block.setBackground(colours.panel);
    block.setLeftMargin(12);
    block.setRightMargin(12);
    block.setNonBreakableLines(false);
    cursor.setBlockFormat(block);
}

void dressCharacters(const QTextBlock& block, const Colours& colours, const GuidePictures& pictures)
{
    const bool isProse = !block.blockFormat().hasProperty(QTextFormat::BlockCodeFence) && block.blockFormat().headingLevel() == 0;
    eachFragment(block, [&](QTextCursor& cursor, const QTextCharFormat& format) {
        if (format.isImageFormat())
            return dressPicture(cursor, format.toImageFormat(), pictures);
        QTextCharFormat look;
        if (!format.anchorHref().isEmpty()) {
            look.setForeground(colours.accent);
            look.setFontUnderline(false);
        } else if (format.fontFixedPitch() && isProse) {
            look.setBackground(colours.panel);
        }
        cursor.mergeCharFormat(look);
    });
}

void dressTable(QTextTable& table, const Colours& colours)
{
    QTextTableFormat look = table.format();
    look.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    look.setBorderBrush(colours.border);
    look.setBorder(1);
    look.setBorderCollapse(true);
    look.setCellPadding(5);
    look.setCellSpacing(0);
    look.setTopMargin(6);
    look.setBottomMargin(10);
    table.setFormat(look);
    for (int column = 0; column < table.columns(); ++column) {
        QTextTableCell cell = table.cellAt(0, column);
        QTextCharFormat head = cell.format();
        head.setBackground(colours.panel);
        cell.setFormat(head);
    }
}

} // namespace

void dressGuide(QTextDocument& document, const Colours& colours, const GuidePictures& pictures)
{
    QTextCursor cursor(&document);
    cursor.beginEditBlock();
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        cursor.setPosition(block.position());
        const int level = block.blockFormat().headingLevel();
        const bool isCode = block.blockFormat().hasProperty(QTextFormat::BlockCodeFence)
            || block.blockFormat().hasProperty(QTextFormat::BlockCodeLanguage);
        if (isCode)
            dressCode(cursor, colours);
        else if (level == 0) {
            QTextBlockFormat spaced = block.blockFormat();
            spaced.setLineHeight(125, QTextBlockFormat::ProportionalHeight);
            if (!cursor.currentTable())
                spaced.setBottomMargin(block.textList() ? 3 : 8);
            cursor.setBlockFormat(spaced);
        }
        dressCharacters(block, colours, pictures);
        cursor.setPosition(block.position());
        if (level > 0)
            dressHeading(cursor, std::min(level, 6), colours);
    }
    for (QTextFrame* frame : document.rootFrame()->childFrames()) {
        if (auto* table = qobject_cast<QTextTable*>(frame))
            dressTable(*table, colours);
    }
    QTextFrameFormat page = document.rootFrame()->frameFormat();
    page.setMargin(18);
    document.rootFrame()->setFrameFormat(page);
    cursor.endEditBlock();
}

} // namespace bitscape::ui
