// What is asked of text in UTF-8: its characters one by one, and which of them are letters.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace riacho::internal {

// Takes the first character off `text`, which is not empty; nothing when no character is encoded
// there: a truncated or overlong form, half of a surrogate pair, beyond U+10FFFF.
std::optional<char32_t> TakeCharacter(std::string_view& text);

// Characters of UTF-8 text; malformed bytes count one each.
std::size_t CountCharacters(std::string_view text);

// Letters with the marks that belong to them, digits and other numbers, and space separators: the
// general categories L, M, N and Z of Unicode 14. No control character, so no tab either.
bool IsLetterDigitOrSpace(char32_t character);

}  // namespace riacho::internal
