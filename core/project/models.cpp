// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/models.h"

#include "core/project/blobs.h"
#include "core/project/clock.h"
#include "core/project/codec.h"
#include "core/project/entries.h"
#include "core/project/sql.h"

#include <set>

namespace bitscape {

namespace {

constexpr const char* kSelect
    = "SELECT id, name, source, graph, weights, mean, stddev, created, format, sha256, producer, opset, bits FROM models ";

std::vector<ModelLayer> layersOf(SQLite::Database& database, ModelId id)
{
    std::vector<ModelLayer> layers;
    sql::Query query(database,
        "SELECT name, op, filters, weights_per_filter, macs_per_filter FROM model_layers WHERE model = ?1 ORDER BY position", id.value);
    while (query.next())
        layers.push_back({ query.text(0), query.text(1), query.integer(2), query.integer(3), query.integer(4) });
    return layers;
}

Model modelFrom(SQLite::Database& database, const sql::Query& row)
{
    Model model;
    model.id = { row.integer(0) };
    model.name = row.text(1);
    model.source = row.text(2);
    model.graph = row.text(3);
    model.weights = row.text(4);
    model.mean = codec::decodeReals(row.text(5));
    model.stddev = codec::decodeReals(row.text(6));
    model.created = row.text(7);
    model.origin = { row.text(8), row.text(9), row.text(10), row.text(11), codec::decodeBitMap(row.text(12)) };
    model.layers = layersOf(database, model.id);
    return model;
}

void requireDistinctLayers(const Model& model)
{
    std::set<std::string> names;
    for (const ModelLayer& layer : model.layers)
        if (!names.insert(layer.name).second)
            throw Error(ErrorCode::BadArgument,
                "The model \"" + model.name + "\" has two layers called \"" + layer.name + "\": give each its own name.");
}

void insertLayers(SQLite::Database& database, ModelId id, const std::vector<ModelLayer>& layers)
{
    std::int64_t position = 0;
    for (const ModelLayer& layer : layers)
        sql::Query(database, "INSERT INTO model_layers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", id.value, position++, layer.name, layer.op,
            layer.filters, layer.weightsPerFilter, layer.macsPerFilter)
            .run();
}

} // namespace

ModelId addModel(Project& project, const Model& model)
{
    requireDistinctLayers(model);
    return sql::write(project, [&](SQLite::Database& database) {
        entries::requireFreeName(database, entries::kModel, model.name);
        blobs::attached(database, model.weights);
        const ModelOrigin& origin = model.origin;
        sql::Query(database,
            "INSERT INTO models (name, source, graph, weights, mean, stddev, created, format, sha256, producer, opset, bits) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            model.name, model.source, model.graph, sql::orNull(model.weights), codec::encodeReals(model.mean),
            codec::encodeReals(model.stddev), isoNow(), origin.format, origin.sha256, origin.producer, origin.opset,
            codec::encodeBitMap(origin.bits))
            .run();
        const ModelId id { database.getLastInsertRowid() };
        insertLayers(database, id, model.layers);
        return id;
    });
}

void requireFreeModelName(Project& project, const std::string& name)
{
    sql::read(project, [&](SQLite::Database& database) { entries::requireFreeName(database, entries::kModel, name); });
}

std::vector<Model> models(Project& project)
{
    return sql::read(project, [](SQLite::Database& database) {
        std::vector<Model> all;
        sql::Query query(database, (std::string(kSelect) + "ORDER BY id").c_str());
        while (query.next())
            all.push_back(modelFrom(database, query));
        return all;
    });
}

Model model(Project& project, ModelId id)
{
    return sql::read(project, [&](SQLite::Database& database) {
        sql::Query query(database, (std::string(kSelect) + "WHERE id = ?1").c_str(), id.value);
        if (!query.next())
            throw entries::unknown(project, entries::kModel, id.value);
        return modelFrom(database, query);
    });
}

std::optional<Model> findModel(Project& project, const std::string& nameOrNumber)
{
    return sql::read(project, [&](SQLite::Database& database) -> std::optional<Model> {
        const std::optional<std::int64_t> id = entries::find(database, entries::kModel, nameOrNumber);
        if (!id)
            return {};
        sql::Query query(database, (std::string(kSelect) + "WHERE id = ?1").c_str(), *id);
        query.next();
        return modelFrom(database, query);
    });
}

void removeModel(Project& project, ModelId id)
{
    sql::write(project, [&](SQLite::Database& database) { entries::remove(project, database, entries::kModel, id.value); });
}

} // namespace bitscape
