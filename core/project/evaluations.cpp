// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/evaluations.h"

#include "core/project/codec.h"
#include "core/project/sql.h"

#include <utility>

namespace bitscape {

namespace {

void requireSensible(const Evaluation& evaluation)
{
    if (evaluation.correct < 0 || evaluation.correct > evaluation.images)
        throw Error(ErrorCode::BadArgument,
            "An evaluation cannot have " + std::to_string(evaluation.correct) + " right answers on " + std::to_string(evaluation.images)
                + " images: count them again.");
}

/// How much an evaluation tells: the images first, then the answers kept.
using Completeness = std::pair<std::int64_t, std::int64_t>;

bool storedSuffices(SQLite::Database& database, const std::string& key, const Completeness& offered)
{
    sql::Query row(database, "SELECT images, predicted FROM evaluations WHERE key = ?1", key);
    return row.next() && Completeness { row.integer(0), row.integer(1) } >= offered;
}

Evaluation evaluationFrom(const sql::Query& row)
{
    Evaluation evaluation { row.integer(0), row.integer(1), codec::decodeClasses(row.bytes(4), row.integer(2), row.number(3)) };
    if (evaluation.correct < 0 || evaluation.correct > evaluation.images)
        throw DamagedValue("an evaluation has more right answers than images");
    return evaluation;
}

} // namespace

void putEvaluation(Project& project, const std::string& key, const Evaluation& evaluation)
{
    requireSensible(evaluation);
    const codec::PackedClasses packed = codec::encodeClasses(evaluation.predictions);
    const auto predicted = static_cast<std::int64_t>(evaluation.predictions.size());
    sql::write(project, [&](SQLite::Database& database) {
        if (storedSuffices(database, key, { evaluation.images, predicted }))
            return;
        sql::Query(database,
            "INSERT OR REPLACE INTO evaluations (key, correct, images, predicted, width, predictions) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", key,
            evaluation.correct, evaluation.images, predicted, packed.width, packed.bytes)
            .run();
    });
}

std::optional<Evaluation> evaluation(Project& project, const std::string& key)
{
    return sql::read(project, [&](SQLite::Database& database) -> std::optional<Evaluation> {
        sql::Query row(database, "SELECT correct, images, predicted, width, predictions FROM evaluations WHERE key = ?1", key);
        return row.next() ? std::optional(evaluationFrom(row)) : std::nullopt;
    });
}

} // namespace bitscape
