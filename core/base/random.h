// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace bitscape {

/// The output function of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits in which every input bit moves about half of the
/// output bits.
constexpr std::uint64_t mixBits(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/// The golden ratio's fraction in 64 bits, the step of SplitMix64.
inline constexpr std::uint64_t kSplitMixStep = 0x9E3779B97F4A7C15u;

/// A seed of its own for each (seed, stream): for the n-th image, layer or worker of something that has one seed.
constexpr std::uint64_t deriveSeed(std::uint64_t seed, std::uint64_t stream)
{
    return mixBits(mixBits(seed + kSplitMixStep) + (stream + 1) * kSplitMixStep);
}

/// Random numbers that are the same on every machine with IEEE doubles: SplitMix64, whose n-th value is mixBits(seed + n * step), n from 1.
/// Nothing here calls the mathematical library but for sqrt and frexp, which are exact. Not for secrets. Not thread-safe.
class Random final {
public:
    constexpr explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }

    /// 64 random bits.
    constexpr std::uint64_t next() { return mixBits(m_state += kSplitMixStep); }

    /// Uniform in 0..n-1 without bias (by rejection); 0 for n = 0.
    constexpr std::uint64_t below(std::uint64_t n)
    {
        if (n < 2)
            return 0;
        const std::uint64_t surplus = (0 - n) % n; // 2^64 mod n: that many values are one too many
        std::uint64_t value = next();
        while (value < surplus)
            value = next();
        return value % n;
    }

    /// Uniform in [0,1), a multiple of 2^-53.
    constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

    /// Uniform in [low,high).
    constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }

    /// Standard normal, by Marsaglia's polar method; the second value of each pair is dropped, so that the state is the seed alone.
    double normal()
    {
        double u = 0;
        double square = 0;
        do {
            u = uniform(-1.0, 1.0);
            const double v = uniform(-1.0, 1.0);
            square = u * u + v * v;
        } while (square >= 1.0 || square <= 0.0);
        return u * std::sqrt(-2.0 * naturalLogarithm(square) / square);
    }

    /// Random(state()) continues where this one is.
    constexpr std::uint64_t state() const { return m_state; }

    bool operator==(const Random&) const = default;

private:
    /// ln x for x > 0 by the series of artanh, to about 1e-16; the library's own differs between machines in the last bit.
    static double naturalLogarithm(double x)
    {
        int exponent = 0;
        double mantissa = std::frexp(x, &exponent);
        if (mantissa < 0.70710678118654752) {
            mantissa *= 2.0;
            --exponent;
        }
        const double s = (mantissa - 1.0) / (mantissa + 1.0);
        double sum = 0;
        for (int k = 23; k >= 1; k -= 2)
            sum = sum * (s * s) + 1.0 / k;
        return exponent * 0.69314718055994531 + 2.0 * s * sum;
    }

    std::uint64_t m_state;
};

/// Fisher and Yates: every order equally likely, and, unlike std::shuffle, the same one everywhere.
template <class T> void shuffle(std::vector<T>& values, Random& random)
{
    for (std::size_t left = values.size(); left > 1; --left)
        std::swap(values[left - 1], values[random.below(left)]);
}

} // namespace bitscape
