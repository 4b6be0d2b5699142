//! What leaves the program: pictures and text of the screen (and, in their own rooms, captures and traces).
pub mod journal;
pub mod pcapng;
pub mod svg;
pub mod text;
