//! Screens on paper: a drawn screen as SVG or as plain text.

pub mod svg;
pub mod text;
