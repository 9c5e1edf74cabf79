# Finds what Riacho stands on: first on the system, then, with RIACHO_FETCH_DEPS=ON, at a pinned version from its repository.
#
# Public:  Abseil (RIACHO_PUBLIC_DEPENDENCIES, RIACHO_PRIVATE_DEPENDENCIES: also the source of riacho.pc's Requires)
# Private: OpenSSL's libcrypto (in RIACHO_PRIVATE_DEPENDENCIES too); riacho::concurrentqueue, riacho::nlohmann_json,
#          riacho::xxhash: header-only, so that nothing of them reaches an installed package
# Wire:    OpenSSL::SSL, ZLIB::ZLIB, riacho::nghttp2; riacho::boost_headers: Asio and Beast, header-only
# Tests:   GTest::gmock_main; riacho::testing: GTest::gmock
# Bench:   benchmark::benchmark_main

include(FetchContent)

# Only what public headers mention is public.
set(RIACHO_PUBLIC_DEPENDENCIES
    absl::any_invocable
    absl::core_headers
    absl::int128
    absl::status
    absl::statusor
    absl::synchronization
    absl::time)
set(RIACHO_PRIVATE_DEPENDENCIES absl::base absl::cord absl::fixed_array absl::flat_hash_map absl::inlined_vector
                                absl::str_format absl::strings OpenSSL::Crypto)

function(riacho_missing_dependency name debian_package)
  message(FATAL_ERROR "${name} was not found. On Debian: apt-get install ${debian_package}. Elsewhere install ${name}, "
                      "or configure with -DRIACHO_FETCH_DEPS=ON to have it downloaded.")
endfunction()

# Abseil.
if(RIACHO_ABSEIL_SOURCE_DIR)
  if(NOT EXISTS ${RIACHO_ABSEIL_SOURCE_DIR}/CMakeLists.txt)
    message(FATAL_ERROR "RIACHO_ABSEIL_SOURCE_DIR: there is no Abseil source in ${RIACHO_ABSEIL_SOURCE_DIR}. "
                        "On Debian: cmake/fetch-abseil-source.sh ${RIACHO_ABSEIL_SOURCE_DIR}")
  endif()
  set(ABSL_PROPAGATE_CXX_STD ON)
  set(ABSL_ENABLE_INSTALL ${RIACHO_INSTALL})
  add_subdirectory(${RIACHO_ABSEIL_SOURCE_DIR} ${PROJECT_BINARY_DIR}/abseil EXCLUDE_FROM_ALL SYSTEM)
elseif(NOT TARGET absl::status)
  find_package(absl QUIET)
  if(NOT absl_FOUND)
    if(NOT RIACHO_FETCH_DEPS)
      riacho_missing_dependency(Abseil libabsl-dev)
    endif()
    set(ABSL_PROPAGATE_CXX_STD ON)
    set(ABSL_ENABLE_INSTALL ${RIACHO_INSTALL})
    FetchContent_Declare(
      absl
      GIT_REPOSITORY https://github.com/abseil/abseil-cpp.git
      GIT_TAG 20220623.1
      GIT_SHALLOW ON
      SYSTEM)
    FetchContent_MakeAvailable(absl)
  endif()
  if(RIACHO_SANITIZE STREQUAL "thread")
    message(WARNING "This Abseil was built without the thread sanitizer, which will take every absl::Mutex for a data "
                    "race. Set RIACHO_ABSEIL_SOURCE_DIR (the tsan preset does).")
  endif()
endif()

# OpenSSL. Never downloaded: cryptography belongs to whoever keeps the system up to date.
find_package(OpenSSL 3.0 QUIET COMPONENTS Crypto)
if(NOT TARGET OpenSSL::Crypto)
  message(FATAL_ERROR "OpenSSL 3.0 or later was not found. On Debian: apt-get install libssl-dev. Elsewhere install OpenSSL "
                      "with its headers, and name its place with OPENSSL_ROOT_DIR if need be.")
endif()

# moodycamel::ConcurrentQueue, included as <concurrentqueue.h>.
find_path(RIACHO_CONCURRENTQUEUE_INCLUDE_DIR concurrentqueue.h PATH_SUFFIXES concurrentqueue concurrentqueue/moodycamel
                                                                            moodycamel)
mark_as_advanced(RIACHO_CONCURRENTQUEUE_INCLUDE_DIR)
if(NOT RIACHO_CONCURRENTQUEUE_INCLUDE_DIR)
  if(NOT RIACHO_FETCH_DEPS)
    riacho_missing_dependency(ConcurrentQueue libconcurrentqueue-dev)
  endif()
  FetchContent_Declare(
    concurrentqueue
    GIT_REPOSITORY https://github.com/cameron314/concurrentqueue.git
    GIT_TAG v1.0.3
    GIT_SHALLOW ON
    SOURCE_SUBDIR headers_only) # A folder that does not exist: the headers are all we need.
  FetchContent_MakeAvailable(concurrentqueue)
  set(RIACHO_CONCURRENTQUEUE_INCLUDE_DIR ${concurrentqueue_SOURCE_DIR})
endif()
add_library(riacho::concurrentqueue INTERFACE IMPORTED)
target_include_directories(riacho::concurrentqueue INTERFACE ${RIACHO_CONCURRENTQUEUE_INCLUDE_DIR})

# JSON for Modern C++, included as <nlohmann/json.hpp>.
find_path(RIACHO_NLOHMANN_JSON_INCLUDE_DIR nlohmann/json.hpp)
mark_as_advanced(RIACHO_NLOHMANN_JSON_INCLUDE_DIR)
if(NOT RIACHO_NLOHMANN_JSON_INCLUDE_DIR)
  if(NOT RIACHO_FETCH_DEPS)
    riacho_missing_dependency("JSON for Modern C++" nlohmann-json3-dev)
  endif()
  FetchContent_Declare(
    nlohmann_json
    GIT_REPOSITORY https://github.com/nlohmann/json.git
    GIT_TAG v3.11.2
    GIT_SHALLOW ON
    SOURCE_SUBDIR headers_only)
  FetchContent_MakeAvailable(nlohmann_json)
  set(RIACHO_NLOHMANN_JSON_INCLUDE_DIR ${nlohmann_json_SOURCE_DIR}/include)
endif()
add_library(riacho::nlohmann_json INTERFACE IMPORTED)
target_include_directories(riacho::nlohmann_json INTERFACE ${RIACHO_NLOHMANN_JSON_INCLUDE_DIR})

# xxHash, included as <xxhash.h> and compiled into its callers.
find_path(RIACHO_XXHASH_INCLUDE_DIR xxhash.h)
mark_as_advanced(RIACHO_XXHASH_INCLUDE_DIR)
if(NOT RIACHO_XXHASH_INCLUDE_DIR)
  if(NOT RIACHO_FETCH_DEPS)
    riacho_missing_dependency(xxHash libxxhash-dev)
  endif()
  FetchContent_Declare(
    xxhash
    GIT_REPOSITORY https://github.com/Cyan4973/xxHash.git
    GIT_TAG v0.8.1
    GIT_SHALLOW ON
    SOURCE_SUBDIR headers_only)
  FetchContent_MakeAvailable(xxhash)
  set(RIACHO_XXHASH_INCLUDE_DIR ${xxhash_SOURCE_DIR})
endif()
add_library(riacho::xxhash INTERFACE IMPORTED)
target_include_directories(riacho::xxhash INTERFACE ${RIACHO_XXHASH_INCLUDE_DIR})
target_compile_definitions(riacho::xxhash INTERFACE XXH_INLINE_ALL)

# What only riacho::wire stands on. Never downloaded.
if(RIACHO_BUILD_WIRE)
  find_package(OpenSSL 3.0 QUIET COMPONENTS SSL)
  find_package(ZLIB QUIET)
  find_path(RIACHO_BOOST_INCLUDE_DIR boost/beast/http/parser.hpp)
  mark_as_advanced(RIACHO_BOOST_INCLUDE_DIR)
  include(riachoNghttp2)
  if(NOT TARGET OpenSSL::SSL
     OR NOT TARGET ZLIB::ZLIB
     OR NOT TARGET riacho::nghttp2
     OR NOT RIACHO_BOOST_INCLUDE_DIR)
    message(FATAL_ERROR "riacho::wire needs OpenSSL's libssl, zlib, nghttp2 and Boost's headers (1.74 or later). On Debian: apt-get "
                        "install libssl-dev zlib1g-dev libnghttp2-dev libboost-dev. Without it: -DRIACHO_BUILD_WIRE=OFF.")
  endif()
  add_library(riacho::boost_headers INTERFACE IMPORTED)
  target_include_directories(riacho::boost_headers SYSTEM INTERFACE ${RIACHO_BOOST_INCLUDE_DIR})
  # No deprecated names, and no part of Boost that is not a header. And none of its assertions: Beast's parser claims at least five
  # bytes where "0", CR, LF and another one are enough, so that any client could end a program built for debugging.
  target_compile_definitions(riacho::boost_headers INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY
                                                             BOOST_DISABLE_ASSERTS)
endif()

# GoogleTest.
if(RIACHO_BUILD_TESTS OR RIACHO_BUILD_TESTING_LIBRARY)
  find_package(GTest QUIET)
  if(NOT TARGET GTest::gmock_main)
    if(NOT RIACHO_FETCH_DEPS)
      riacho_missing_dependency(GoogleTest "libgtest-dev libgmock-dev")
    endif()
    set(INSTALL_GTEST OFF)
    FetchContent_Declare(
      googletest
      GIT_REPOSITORY https://github.com/google/googletest.git
      GIT_TAG release-1.12.1
      GIT_SHALLOW ON
      SYSTEM)
    FetchContent_MakeAvailable(googletest)
  endif()
endif()

# Google Benchmark.
if(RIACHO_BUILD_BENCH)
  find_package(benchmark QUIET)
  if(NOT TARGET benchmark::benchmark_main)
    if(NOT RIACHO_FETCH_DEPS)
      riacho_missing_dependency("Google Benchmark" libbenchmark-dev)
    endif()
    set(BENCHMARK_ENABLE_TESTING OFF)
    set(BENCHMARK_ENABLE_INSTALL OFF)
    FetchContent_Declare(
      benchmark
      GIT_REPOSITORY https://github.com/google/benchmark.git
      GIT_TAG v1.7.1
      GIT_SHALLOW ON
      SYSTEM)
    FetchContent_MakeAvailable(benchmark)
  endif()
endif()
