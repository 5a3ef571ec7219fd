// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"

#include "core/base/error.h"

#include <openssl/evp.h>

#include <array>

namespace bitscape {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256()
    : m_state(std::make_unique<State>())
{
    if (!m_state->context || EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr) != 1)
        throw Error(ErrorCode::Internal, "SHA-256 is not available from this OpenSSL.");
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size());
}

void Sha256::update(std::string_view text)
{
    update(std::as_bytes(std::span(text)));
}

std::string Sha256::hex()
{
    std::array<unsigned char, 32> digest {};
    EVP_DigestFinal_ex(m_state->context, digest.data(), nullptr);
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string sha256Hex(std::span<const std::byte> bytes)
{
    Sha256 sum;
    sum.update(bytes);
    return sum.hex();
}

std::string sha256Hex(std::string_view text)
{
    return sha256Hex(std::as_bytes(std::span(text)));
}

} // namespace bitscape
