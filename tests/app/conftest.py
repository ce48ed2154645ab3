"""What the tests of the app share."""

import pytest


@pytest.fixture(autouse=True, scope="package")
def no_search_for_packaged_components():
    """Each AppTest reads the metadata of every installed package to find components; ours come with the app."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)
        yield
