// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/edit_words.h"

#include "ui/style/figures.h"

#include <QCoreApplication>
#include <QStringList>

namespace bitscape::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::EditWords)
};

/// "all filters", "1 layer", "12 filters"
QString selectionText(const FilterSelection& selection)
{
    int layers = 0, filters = 0;
    for (const LayerFilters& layer : selection.layers) {
        layers += layer.filters.empty() ? 1 : 0;
        filters += static_cast<int>(layer.filters.size());
    }
    if (selection.layers.empty())
        return Words::tr("all filters");
    if (filters == 0)
        return Words::tr("%n layer(s)", nullptr, layers);
    const QString single = Words::tr("%n filter(s)", nullptr, filters);
    return layers == 0 ? single : Words::tr("%1 and %2").arg(Words::tr("%n layer(s)", nullptr, layers), single);
}

QString numbersText(const auto& numbers)
{
    QStringList parts;
    for (const auto number : numbers)
        parts << numberText(static_cast<double>(number));
    return parts.join(QStringLiteral(", "));
}

struct Teller {
    QString operator()(const ThresholdsEdit& edit) const { return Words::tr("thresholds %1").arg(numbersText(edit.values)); }
    QString operator()(const TargetEdit& edit) const
    {
        const QString target = Words::tr("target %1").arg(bitsText(edit.bits));
        return edit.classWeights ? Words::tr("%1, weighted classes").arg(target) : target;
    }
    QString operator()(const SetEdit& edit) const
    {
        return Words::tr("%1 onto %2").arg(bitsText(edit.bits), selectionText(edit.selection));
    }
    QString operator()(const AtMostEdit& edit) const
    {
        return Words::tr("at most %1 for %2").arg(bitsText(edit.bits), selectionText(edit.selection));
    }
    QString operator()(const ChangeEdit& edit) const
    {
        return (edit.by > 0 ? Words::tr("more bits for %1") : Words::tr("fewer bits for %1")).arg(selectionText(edit.selection));
    }
    QString operator()(const LikeEdit& edit) const
    {
        return Words::tr("as in run %1: %2").arg(static_cast<qlonglong>(edit.run)).arg(selectionText(edit.selection));
    }
    QString operator()(const LockEdit& edit) const { return Words::tr("lock %1").arg(selectionText(edit.selection)); }
    QString operator()(const UnlockEdit& edit) const { return Words::tr("unlock %1").arg(selectionText(edit.selection)); }
    QString operator()(const AllowEdit& edit) const { return Words::tr("allow %1 bits").arg(numbersText(edit.bits)); }
};

} // namespace

QString editText(const BitEdit& edit)
{
    return std::visit(Teller {}, edit);
}

} // namespace bitscape::ui
