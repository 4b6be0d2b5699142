//! A system call as a person types it, in packetdrill's syntax: reading it, explaining what is wrong with it, completing it.
//!
//! Pure functions of the typed line; what is open on a host and what its addresses are comes as an argument.

pub mod complete;
pub mod explain;
pub mod pattern;

/// What is wrong with a typed line, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLineError {
    /// The character it is about, from 0; `None` where it is about no character of the line.
    pub column: Option<usize>,
    /// The sentence.
    pub text: String,
}

impl CallLineError {
    /// A complaint about the line as a whole.
    #[must_use]
    pub fn of_line(text: String) -> Self {
        Self { column: None, text }
    }
}

/// An open descriptor of the process that makes the typed calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// Its number.
    pub number: usize,
    /// What it is: protocol, state, local address.
    pub what: String,
}

/// A call that was typed, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The host it was made on.
    pub host: String,
    /// The call, with what it wrote where it has returned.
    pub line: String,
    /// Its result, as packetdrill writes it; `None` while the process sleeps in it.
    pub result: Option<String>,
}

/// What stands around the prompt on one host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Open descriptors of the process that makes the typed calls.
    pub descriptors: Vec<Descriptor>,
    /// The calls typed so far, in order, on every host.
    pub answered: Vec<Answered>,
}

/// Where the arguments of the call begin (characters from 0), and how many brackets are open at the end.
fn argument_starts(line: &str) -> (Vec<usize>, usize) {
    let (mut starts, mut depth, mut quoted) = (Vec::new(), 0_usize, false);
    let mut due = false;
    for (place, character) in line.chars().enumerate() {
        if due && !character.is_whitespace() {
            starts.push(place);
            due = false;
        }
        match character {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => {
                depth += 1;
                due = depth == 1;
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 1 => due = true,
            _ => {}
        }
    }
    if due {
        starts.push(line.chars().count());
    }
    (starts, depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_begin_where_the_outer_commas_say() {
        assert_eq!(argument_starts("close(3)"), (vec![6], 0));
        assert_eq!(argument_starts("bind(3, {a = f(1), b = \",\"}, ...)"), (vec![5, 8, 29], 0));
        assert_eq!(argument_starts("read(3, "), (vec![5, 8], 1));
        assert_eq!(argument_starts("rea"), (vec![], 0));
    }
}
