# What every target of Riacho's own has in common.

# Warnings, private to `target`: a project that embeds Riacho keeps its own.
function(riacho_configure_target target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  endif()
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${target} PRIVATE -Wthread-safety)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 warns of overlapping copies inside std::string's own operator+ (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(RIACHO_WERROR)
    set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR ON)
  endif()
endfunction()

# The one setting that is directory-wide: all code of a program must agree on its sanitizers.
macro(riacho_enable_sanitizers sanitizers)
  if(NOT "${sanitizers}" STREQUAL "")
    if(NOT "${sanitizers}" MATCHES "^(address|thread|undefined|address,undefined)$")
      message(FATAL_ERROR "RIACHO_SANITIZE is '${sanitizers}', but must be address, thread, undefined or "
                          "address,undefined")
    endif()
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
  endif()
  if(RIACHO_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
endmacro()

# For targets whose own sources are coroutines: without optimisation clang 14 cannot put down the types of such functions.
function(riacho_has_coroutines target)
  if(RIACHO_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE -fno-sanitize=function)
  endif()
endfunction()
