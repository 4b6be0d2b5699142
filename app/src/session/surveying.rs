//! What pictures tell that the moment alone does not: who armed the timers, and the connection against time. The run is gone through
//! for that, so it is told only while somebody looks. Promise: how much of it is asked for changes nothing else of a picture.

use super::Session;

/// What every picture goes through the run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Surveying {
    /// How many turns a picture surveys at most; none while nobody looks at what a survey tells.
    pub(super) turns: Option<usize>,
    /// Whether that is drawn as a plot, too.
    pub(super) plots: bool,
}

impl Default for Surveying {
    /// Whoever asks for a survey gets all of it until he says what he leaves out.
    fn default() -> Self {
        Self { turns: None, plots: true }
    }
}

impl Session {
    /// Has every picture tell what only a survey of the run knows, the plot and who armed the timers, and take so many turns into it
    /// at most; `None` where nobody looks at that.
    pub fn survey(&mut self, turns: Option<usize>) {
        self.surveying.turns = turns;
    }

    /// Whether pictures tell what only a survey knows.
    #[must_use]
    pub fn is_surveying(&self) -> bool {
        self.surveying.turns.is_some()
    }

    /// Leaves the plot out of pictures that survey the run, or has it in them again, as at first: it is made of every frame of the
    /// connection, which under load is more than all the rest of a picture.
    pub fn plot(&mut self, plots: bool) {
        self.surveying.plots = plots;
    }

    /// Whether pictures that survey the run have the plot.
    #[must_use]
    pub fn is_plotting(&self) -> bool {
        self.surveying.plots
    }

    /// Takes so many turns more into the survey; says whether the whole run is known then.
    pub fn survey_on(&mut self, turns: usize) -> bool {
        self.branch_mut().survey(turns)
    }
}
