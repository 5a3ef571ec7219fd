// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/attachments.h"
#include "core/project/codec.h"
#include "core/project/layer_bits.h"
#include "core/project/results.h"
#include "core/project/run_rows.h"
#include "core/project/sql.h"

namespace bitscape {

namespace {

void insertPoint(SQLite::Database& database, RunId id, const TrajectoryPoint& point)
{
    sql::Query(database, "DELETE FROM points WHERE run = ?1 AND step = ?2", id.value, point.step).run(); // and its bits
    sql::Query(database,
        "INSERT INTO points (run, step, phase, thresholds, average_bits, macs, bitops, size_bits, accuracy_low, accuracy_high, floor, "
        "kept, "
        "seconds) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        id.value, point.step, point.phase, codec::encodeReals(point.thresholds), point.averageBits, point.macs, point.bitops,
        point.sizeBits, point.accuracyLow, point.accuracyHigh, point.floor, point.kept, point.seconds)
        .run();
}

void insertPointBits(SQLite::Database& database, RunId id, const TrajectoryPoint& point)
{
    sql::Query insert(database, "INSERT INTO point_bits (run, step, position, bits) VALUES (?1, ?2, ?3, ?4)");
    std::int64_t position = 0;
    for (const std::vector<std::uint8_t>& layer : point.bits)
        insert.runWith(id.value, point.step, position++, layer);
}

TrajectoryPoint pointFrom(const sql::Query& row)
{
    TrajectoryPoint point;
    point.step = row.number(0);
    point.phase = row.number(1);
    point.thresholds = codec::decodeReals(row.text(2));
    point.averageBits = row.real(3);
    point.macs = row.real(4);
    point.bitops = row.real(5);
    point.sizeBits = row.real(6);
    point.accuracyLow = row.real(7);
    point.accuracyHigh = row.real(8);
    point.floor = row.real(9);
    point.kept = row.integer(10) != 0;
    point.seconds = row.real(11);
    return point;
}

/// Adds the bits to points that are in order of steps.
void loadBits(SQLite::Database& database, RunId id, std::vector<TrajectoryPoint>& points)
{
    sql::Query row(database, "SELECT step, position, bits FROM point_bits WHERE run = ?1 ORDER BY step, position", id.value);
    auto point = points.begin();
    while (row.next()) {
        while (point != points.end() && point->step != row.integer(0))
            ++point;
        if (point == points.end())
            throw DamagedValue("a search has bits for a step that it has not");
        appendLayer(point->bits, row.integer(1), row.bytes(2));
    }
}

} // namespace

void putPoint(Project& project, RunId id, const TrajectoryPoint& point, const std::string& checkpoint)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        insertPoint(database, id, point);
        insertPointBits(database, id, point);
        if (!checkpoint.empty())
            attachments::put(database, id, "checkpoint", checkpoint);
    });
}

std::vector<TrajectoryPoint> trajectory(Project& project, RunId id, bool withBits)
{
    return sql::read(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        std::vector<TrajectoryPoint> points;
        sql::Query row(database,
            "SELECT step, phase, thresholds, average_bits, macs, bitops, size_bits, accuracy_low, accuracy_high, floor, kept, seconds "
            "FROM points WHERE run = ?1 ORDER BY step",
            id.value);
        while (row.next())
            points.push_back(pointFrom(row));
        if (withBits)
            loadBits(database, id, points);
        return points;
    });
}

void truncateTrajectory(Project& project, RunId id, int steps)
{
    sql::write(project, [&](SQLite::Database& database) {
        run_rows::require(project, database, id);
        sql::Query(database, "DELETE FROM points WHERE run = ?1 AND step >= ?2", id.value, steps).run();
    });
}

} // namespace bitscape
