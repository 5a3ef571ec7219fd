// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/datasets.h"

#include "core/project/blobs.h"
#include "core/project/clock.h"
#include "core/project/codec.h"
#include "core/project/entries.h"
#include "core/project/sql.h"

namespace bitscape {

namespace {

constexpr const char* kSelect
    = "SELECT id, name, kind, path, fingerprint, channels, height, width, class_names, train_counts, test_counts, "
      "mean, stddev, samples, created FROM datasets ";

Dataset datasetFrom(const sql::Query& row)
{
    Dataset dataset;
    dataset.id = { row.integer(0) };
    dataset.name = row.text(1);
    dataset.kind = row.text(2);
    dataset.path = row.text(3);
    dataset.fingerprint = row.text(4);
    dataset.channels = row.number(5);
    dataset.height = row.number(6);
    dataset.width = row.number(7);
    dataset.classNames = codec::decodeWords(row.text(8));
    dataset.trainCounts = codec::decodeCounts(row.text(9));
    dataset.testCounts = codec::decodeCounts(row.text(10));
    dataset.mean = codec::decodeReals(row.text(11));
    dataset.stddev = codec::decodeReals(row.text(12));
    dataset.samples = row.text(13);
    dataset.created = row.text(14);
    return dataset;
}

void insertDataset(SQLite::Database& database, const Dataset& dataset)
{
    sql::Query(database,
        "INSERT INTO datasets (name, kind, path, fingerprint, channels, height, width, class_names, train_counts, test_counts, mean, "
        "stddev, "
        "samples, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        dataset.name, dataset.kind, dataset.path, dataset.fingerprint, dataset.channels, dataset.height, dataset.width,
        codec::encodeWords(dataset.classNames), codec::encodeCounts(dataset.trainCounts), codec::encodeCounts(dataset.testCounts),
        codec::encodeReals(dataset.mean), codec::encodeReals(dataset.stddev), sql::orNull(dataset.samples), isoNow())
        .run();
}

} // namespace

void requireFreeDatasetName(Project& project, const std::string& name)
{
    sql::read(project, [&](SQLite::Database& database) { entries::requireFreeName(database, entries::kDataset, name); });
}

DatasetId addDataset(Project& project, const Dataset& dataset)
{
    return sql::write(project, [&](SQLite::Database& database) {
        entries::requireFreeName(database, entries::kDataset, dataset.name);
        blobs::attached(database, dataset.samples);
        insertDataset(database, dataset);
        return DatasetId { database.getLastInsertRowid() };
    });
}

std::vector<Dataset> datasets(Project& project)
{
    return sql::read(project, [](SQLite::Database& database) {
        std::vector<Dataset> all;
        sql::Query query(database, (std::string(kSelect) + "ORDER BY id").c_str());
        while (query.next())
            all.push_back(datasetFrom(query));
        return all;
    });
}

Dataset dataset(Project& project, DatasetId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        sql::Query query(database, (std::string(kSelect) + "WHERE id = ?1").c_str(), id.value);
        if (!query.next())
            throw entries::unknown(project, entries::kDataset, id.value);
        return datasetFrom(query);
    });
}

std::optional<Dataset> findDataset(Project& project, const std::string& nameOrNumber)
{
    return sql::read(project, [&](SQLite::Database& database) -> std::optional<Dataset> {
        const std::optional<std::int64_t> id = entries::find(database, entries::kDataset, nameOrNumber);
        if (!id)
            return {};
        sql::Query query(database, (std::string(kSelect) + "WHERE id = ?1").c_str(), *id);
        query.next();
        return datasetFrom(query);
    });
}

void removeDataset(Project& project, DatasetId id)
{
    sql::write(project, [&](SQLite::Database& database) { entries::remove(project, database, entries::kDataset, id.value); });
}

} // namespace bitscape
