//! What a person does to a run, without the keys that say so: how the cursor moves and what becomes of a frame.

pub use stack::lab::movement::Direction;

/// A way of moving through the run; each has a twin of the same size in the other direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// To the next step, wherever it is.
    Into,
    /// To the next step of this call or of its callers, skipping what it calls.
    Over,
    /// To where this call ends.
    Out,
    /// One step, notes included.
    Micro,
    /// To the next frame that leaves or arrives.
    Frame,
    /// To the next change of a socket's state.
    State,
    /// To the next timer that fires.
    Timer,
    /// To the next crossing between layers.
    Layer,
    /// On until a breakpoint or the end.
    Run,
    /// To the end or the start.
    End,
}

/// An act on the wire, on the frame under the ladder's cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireAct {
    /// Lose it.
    Drop,
    /// Hold it back, for as long as the person says.
    Delay,
    /// Deliver it twice.
    Duplicate,
    /// Change a byte of it, the one that the person names.
    Corrupt,
    /// Hold it back until the next frame of the same host has arrived.
    Overtake,
    /// Change its fields.
    Edit,
}
