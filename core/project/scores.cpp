// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/codec.h"
#include "core/project/layer_bits.h"
#include "core/project/results.h"
#include "core/project/run_rows.h"
#include "core/project/sql.h"

#include <set>

namespace bitscape {

namespace {

void requireScores(const std::vector<LayerScores>& scores)
{
    std::set<std::string> names;
    for (const LayerScores& layer : scores) {
        if (!names.insert(layer.layer).second)
            throw Error(ErrorCode::BadArgument, "The layer \"" + layer.layer + "\" has scores twice: give them once.");
        if (layer.samples < 1)
            throw Error(ErrorCode::BadArgument,
                "The scores of layer \"" + layer.layer + "\" come from " + std::to_string(layer.samples)
                    + " images per class: at least 1 is needed.");
    }
}

LayerScores scoresFrom(const sql::Query& row)
{
    if (row.integer(1) < 1)
        throw DamagedValue("the scores of layer \"" + row.text(0) + "\" come from no images");
    return { row.text(0), row.integer(1), codec::decodeU32(row.bytes(2)) };
}

} // namespace

void appendLayer(LayerBits& bits, std::int64_t position, std::span<const std::uint8_t> layer)
{
    if (position != static_cast<std::int64_t>(bits.size()))
        throw DamagedValue("the bits of layer " + std::to_string(bits.size()) + " are missing");
    bits.emplace_back(layer.begin(), layer.end());
}

void putScores(Project& project, RunId id, const std::vector<LayerScores>& scores)
{
    requireScores(scores);
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        sql::Query(database, "DELETE FROM scores WHERE run = ?1", id.value).run();
        std::int64_t position = 0;
        for (const LayerScores& layer : scores)
            sql::Query(database, "INSERT INTO scores (run, position, layer, samples, counts) VALUES (?1, ?2, ?3, ?4, ?5)", id.value,
                position++, layer.layer, layer.samples, codec::encodeU32(layer.counts))
                .run();
    });
}

std::vector<LayerScores> scores(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        std::vector<LayerScores> all;
        sql::Query row(database, "SELECT layer, samples, counts FROM scores WHERE run = ?1 ORDER BY position", id.value);
        while (row.next())
            all.push_back(scoresFrom(row));
        return all;
    });
}

void putBits(Project& project, RunId id, const LayerBits& bits)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        sql::Query(database, "DELETE FROM bits WHERE run = ?1", id.value).run();
        sql::Query insert(database, "INSERT INTO bits (run, position, bits) VALUES (?1, ?2, ?3)");
        std::int64_t position = 0;
        for (const std::vector<std::uint8_t>& layer : bits)
            insert.runWith(id.value, position++, layer);
    });
}

LayerBits bits(Project& project, RunId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        LayerBits all;
        sql::Query row(database, "SELECT position, bits FROM bits WHERE run = ?1 ORDER BY position", id.value);
        while (row.next())
            appendLayer(all, row.integer(0), row.bytes(1));
        return all;
    });
}

} // namespace bitscape
