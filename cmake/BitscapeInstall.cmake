# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed, and the Debian package made of it (installer/package).
include(GNUInstallDirs)
set(CMAKE_INSTALL_DOCDIR ${CMAKE_INSTALL_DATADIR}/doc/bitscape)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # tests are not built for it
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(documents ${CMAKE_BINARY_DIR}/documents)
set(installer ${CMAKE_SOURCE_DIR}/installer)

# bitscape_document(FILE COMMAND...): what a command prints, zipped where FILE ends in .gz.
set(all_documents)
function(bitscape_document file)
    string(REGEX REPLACE "\\.gz$" "" plain ${file})
    set(zip)
    if(NOT plain STREQUAL file)
        set(zip COMMAND gzip -9nf ${documents}/${plain})
    endif()
    add_custom_command(OUTPUT ${documents}/${file}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${documents}
        COMMAND ${ARGN} > ${documents}/${plain}
        ${zip}
        DEPENDS ${document_depends} VERBATIM)
    set(all_documents ${all_documents} ${documents}/${file} PARENT_SCOPE)
endfunction()

set(document_depends bitscape-cli)
bitscape_document(bitscape-cli.1.gz $<TARGET_FILE:bitscape-cli> manual)
bitscape_document(bitscape-cli $<TARGET_FILE:bitscape-cli> completion bash)
bitscape_document(_bitscape-cli $<TARGET_FILE:bitscape-cli> completion zsh)
bitscape_document(bitscape-cli.fish $<TARGET_FILE:bitscape-cli> completion fish)
set(document_depends ${CMAKE_SOURCE_DIR}/CHANGELOG.md)
bitscape_document(changelog.gz cat ${CMAKE_SOURCE_DIR}/CHANGELOG.md)
string(TIMESTAMP changelog_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH where it is set
configure_file(${installer}/debian/changelog.in ${documents}/debian-changelog @ONLY)
set(document_depends ${documents}/debian-changelog)
bitscape_document(changelog.Debian.gz cat ${documents}/debian-changelog)

install(TARGETS bitscape-cli RUNTIME)
install(FILES ${documents}/bitscape-cli.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${documents}/bitscape-cli DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${documents}/_bitscape-cli DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${documents}/bitscape-cli.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${documents}/changelog.gz ${documents}/changelog.Debian.gz ${CMAKE_SOURCE_DIR}/core/project/schema.md ${installer}/debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/resources/help DESTINATION ${CMAKE_INSTALL_DOCDIR} # the studio has the guide inside
    FILES_MATCHING PATTERN "*.md" PATTERN "*-light.png")
install(FILES ${CMAKE_SOURCE_DIR}/core/project/schema.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/help RENAME file-format.md)
install(FILES ${CMAKE_SOURCE_DIR}/resources/packed/bitscape_packed.h DESTINATION ${CMAKE_INSTALL_DATADIR}/bitscape)

if(BITSCAPE_STUDIO)
    set(document_depends bitscape ${installer}/studio_manual)
    bitscape_document(bitscape.1.gz ${installer}/studio_manual $<TARGET_FILE:bitscape> ${PROJECT_VERSION})
    install(TARGETS bitscape RUNTIME)
    install(FILES ${documents}/bitscape.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${installer}/desktop/bitscape.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES ${installer}/desktop/bitscape.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME bitscape)
    install(FILES ${installer}/desktop/org.bitscape.bitscape.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    install(FILES ${installer}/desktop/bitscape.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
    install(FILES ${CMAKE_SOURCE_DIR}/resources/icons/bitscape.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
    install(FILES ${installer}/desktop/application-x-bitscape.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/mimetypes)
endif()
add_custom_target(bitscape_documents ALL DEPENDS ${all_documents})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME bitscape)
set(CPACK_PACKAGE_CONTACT "Bitscape developers <developers@bitscape.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "explore how few bits a trained neural network can do with")
set(CPACK_PACKAGE_DESCRIPTION "A desktop studio and a command line tool that score every filter of a trained
network by the number of classes that it matters to, search a bit-width for
every filter, retrain the result, and build subnets under budgets of
multiply-accumulates that reuse one another's results.
.
Networks are read from ONNX, QONNX and TorchScript files; results are written
to ONNX, QONNX, packed integers, TorchScript, CSV and JSON. A project is one
SQLite file.")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libopenblas0-pthread, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qt6-wayland, sqlite3")
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON) # takes the symbols out of the programs
include(CPack)
