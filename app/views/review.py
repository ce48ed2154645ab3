"""The review view: the whole window belongs to the review screen."""

import streamlit as st

from app.review.component import review_screen
from app.views.opening import open_or_explain

STYLE = """<style>
.stMainBlockContainer { padding: 3.75rem 0 0; max-width: none }
.stMain { overflow: hidden auto }
</style>"""

st.html(STYLE)
open_or_explain()
review_screen()
