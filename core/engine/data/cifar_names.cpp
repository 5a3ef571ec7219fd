// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/cifar_names.h"

#include <array>

namespace bitscape {

namespace {

constexpr std::array<std::string_view, 10> kCifar10 { "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
    "truck" };

constexpr std::array<std::string_view, 100> kCifar100 { "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle",
    "bicycle", "bottle", "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair",
    "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish",
    "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster",
    "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear",
    "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose",
    "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar", "sunflower",
    "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe",
    "whale", "willow_tree", "wolf", "woman", "worm" };

static_assert(kCifar10.back() == "truck" && kCifar100.back() == "worm");

} // namespace

std::span<const std::string_view> cifar10Names()
{
    return kCifar10;
}

std::span<const std::string_view> cifar100Names()
{
    return kCifar100;
}

} // namespace bitscape
