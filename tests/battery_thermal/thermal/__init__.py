"""Tests of thermal images, their pictures and their analysis."""
