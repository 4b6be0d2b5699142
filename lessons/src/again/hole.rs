//! A call that is asked for, and the options beside it.

use crate::lesson::Call;

/// A call of the second pass, and what the run says of it.
pub(super) struct Hole<'a> {
    /// The call.
    pub(super) call: &'a Call,
    /// Which of the run's entries of its function it is, from 1.
    pub(super) which: usize,
    /// The calls that are wrong options beside it, by their places in the list; none of the first call, which is given.
    pub(super) others: Vec<usize>,
    /// The function from which it is called; None where nothing of the kernel is around it.
    pub(super) caller: Option<&'static str>,
}

/// The options beside a call with their letters: by the names of the functions, which says nothing of the run.
pub(super) fn choices(holes: &[Hole], index: usize) -> Vec<(char, usize)> {
    let Some(hole) = holes.get(index) else { return Vec::new() };
    let mut choices = hole.others.clone();
    choices.push(index);
    choices.sort_by_key(|choice| holes.get(*choice).map(|hole| (hole.call.function.name, &hole.call.host)));
    ('a'..='z').zip(choices).collect()
}
