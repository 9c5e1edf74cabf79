# Builds and runs one consumer of Riacho; see CMakeLists.txt for the variables.

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
set(prefix ${WORK_DIR}/prefix)
set(consumer_dir ${WORK_DIR}/build)
set(source ${SOURCE_DIR}/examples/quickstart.cc)

if(NOT WAY STREQUAL "fetch_content")
  run(${CMAKE_COMMAND} --install ${BUILD_DIR} --config ${CONFIG} --prefix ${WORK_DIR}/installed)
  # What is installed must not depend on where it was installed.
  file(RENAME ${WORK_DIR}/installed ${prefix})
endif()

if(WAY STREQUAL "pkg_config")
  set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
  run(pkg-config --exact-version=${VERSION} riacho)
  execute_process(COMMAND pkg-config --cflags --libs riacho OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE
                                                                                  COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  file(MAKE_DIRECTORY ${consumer_dir})
  run(${COMPILER} -std=c++20 ${source} ${flags} -o ${consumer_dir}/consumer)
else()
  run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/${WAY} -B ${consumer_dir} -G ${GENERATOR}
      -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -D CMAKE_BUILD_TYPE=Debug
      -D CMAKE_PREFIX_PATH=${prefix} -D RIACHO_SOURCE_DIR=${SOURCE_DIR} -D RIACHO_VERSION=${VERSION}
      -D CONSUMER_SOURCE=${source})
  run(${CMAKE_COMMAND} --build ${consumer_dir} --target consumer)
endif()
run(${consumer_dir}/consumer)
