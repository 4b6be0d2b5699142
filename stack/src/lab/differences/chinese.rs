//! The differences in Chinese, one row each. A paragraph about a kept oddity is found by its function and the first scene that
//! it names; its Chinese names the same scenes and the same code. `tests/differences.rs` holds both lists together.

mod below;
mod groups;
mod inet;
mod tcp;

/// Function, first scene, Chinese.
type Row = (&'static str, &'static str, &'static str);

/// All rows.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [below::TABLE, groups::TABLE, inet::TABLE, tcp::TABLE].into_iter().flatten()
}

/// The Chinese of the difference of a function that `scene` shows first.
pub(super) fn of(function: &str, scene: Option<&String>) -> Option<&'static str> {
    let scene = scene?;
    rows().find(|(known, first, _)| *known == function && first == scene).map(|(_, _, text)| *text)
}
