# Installs the library, its headers, riachoConfig.cmake and riacho.pc.

include(CMakePackageConfigHelpers)

set(riacho_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/riacho)

install(
  TARGETS riacho
  EXPORT riachoTargets
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT riachoTargets NAMESPACE riacho:: DESTINATION ${riacho_cmake_dir})

# A static library needs its private libraries at every link; a shared one brings them along.
get_target_property(riacho_type riacho TYPE)
set(riacho_find_private_dependencies)
if(riacho_type STREQUAL "STATIC_LIBRARY")
  set(riacho_find_private_dependencies "find_dependency(OpenSSL 3.0 COMPONENTS Crypto)")
endif()

# Apart, so that only those who ask for the component need GoogleTest.
if(RIACHO_BUILD_TESTING_LIBRARY)
  install(
    TARGETS riacho_testing
    EXPORT riachoTestingTargets
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT riachoTestingTargets NAMESPACE riacho:: DESTINATION ${riacho_cmake_dir})
endif()

if(RIACHO_BUILD_WIRE)
  install(
    TARGETS riacho_wire
    EXPORT riachoWireTargets
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT riachoWireTargets NAMESPACE riacho:: DESTINATION ${riacho_cmake_dir})
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/riachoNghttp2.cmake DESTINATION ${riacho_cmake_dir})
endif()
if(TARGET riacho_endpoint)
  install(TARGETS riacho_endpoint)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/riachoConfig.cmake.in ${PROJECT_BINARY_DIR}/riachoConfig.cmake
                              INSTALL_DESTINATION ${riacho_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/riachoConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/riachoConfig.cmake ${PROJECT_BINARY_DIR}/riachoConfigVersion.cmake
        DESTINATION ${riacho_cmake_dir})

set(riacho_pc_requires ${RIACHO_PUBLIC_DEPENDENCIES})
set(riacho_pc_requires_private ${RIACHO_PRIVATE_DEPENDENCIES})
if(riacho_type STREQUAL "STATIC_LIBRARY")
  list(APPEND riacho_pc_requires ${riacho_pc_requires_private})
  set(riacho_pc_requires_private)
endif()
foreach(list IN ITEMS riacho_pc_requires riacho_pc_requires_private)
  list(TRANSFORM ${list} REPLACE "^OpenSSL::Crypto$" "libcrypto")
  list(TRANSFORM ${list} REPLACE "::" "_")
  list(JOIN ${list} " " ${list})
endforeach()

# Relative to riacho.pc itself, so that an installed tree can be moved.
file(RELATIVE_PATH riacho_pc_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${CMAKE_CURRENT_LIST_DIR}/riacho.pc.in ${PROJECT_BINARY_DIR}/riacho.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/riacho.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
