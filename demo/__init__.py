"""The whole product at work in a real Home Assistant: what ``script/demo`` and the live tests run."""
