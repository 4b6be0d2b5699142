//! The language of scenes: packetdrill scripts with sockscope's `//@` lines, and frame scenarios. Text becomes plain
//! data ([`ast`], [`annotation`], [`frame_scenario`]) and canonical text again ([`mod@print`]); nothing here runs anything.
//!
//! Promise: reading never panics, on any text; printing the tree of a canonical script gives that script back
//! byte for byte.

pub mod annotation;
mod annotation_parser;
pub mod ast;
mod call;
pub mod constants;
mod cursor;
mod encapsulation;
pub mod errno;
pub mod error;
mod expectation;
pub mod frame_scenario;
pub mod lexer;
mod other_dialects;
mod packet;
pub mod parser;
mod position;
pub mod print;
mod remarks;

pub use ast::Script;
pub use cursor::hexadecimal;
pub use error::ParseError;
pub use parser::{parse, parse_call, parse_with};
pub use position::Position;
