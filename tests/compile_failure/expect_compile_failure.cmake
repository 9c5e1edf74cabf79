# cmake -D MESSAGE=<regular expression> -P expect_compile_failure.cmake -- <compiler command>
#
# Succeeds if the command fails and says something that matches MESSAGE.

set(command)
set(after_dashes OFF)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(after_dashes)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(after_dashes ON)
  endif()
endforeach()

execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0)
  message(FATAL_ERROR "This compiles, but must not: ${command}")
elseif(NOT output MATCHES "${MESSAGE}")
  message(FATAL_ERROR "This does not compile, but for another reason than '${MESSAGE}':\n${output}")
endif()
