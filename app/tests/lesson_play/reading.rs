//! The pane of the lesson as it is read off a screen, and what has to stand there by what a player of the lesson shows.
//!
//! Texts are held against each other without their blanks: how they are broken into rows is nobody's business here.

use lessons::page::{ANSWER_CELLS, PAGE_CELLS, PAGE_ROWS, wrap};
use lessons::{Closing, Question, Ranking, Shows, Verdict, View, Work};
use sockscope::i18n::{Lang, Message};

/// Columns of a page with its margins, and of what parts it from the page beside it.
const PAGE_WIDTH: u16 = PAGE_CELLS + 2;

pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The pane of the lesson on a screen, without blanks.
pub(crate) struct LessonPane {
    /// The upper border: the title of the lesson, its beat, what is to be done.
    pub(crate) heading: String,
    /// The pages that are seen, one after the other.
    pub(crate) text: String,
    /// The lower border: how sure one is, which page of how many.
    pub(crate) foot: String,
}

impl LessonPane {
    /// The pane, where the screen has it: across the whole width, as high as a page.
    pub(crate) fn on(screen: &vt100::Screen) -> Option<Self> {
        let width = screen.size().1;
        let rows: Vec<String> = screen.rows(0, width).collect();
        let body = usize::from(PAGE_ROWS);
        let is_top = |row: &str| row.starts_with(['╭', '┏']) && row.matches(['╭', '┏']).count() == 1;
        let top = (0..rows.len().saturating_sub(body + 1))
            .rfind(|y| is_top(&rows[*y]) && rows[y + body + 1].starts_with(['╰', '┗']))?;
        let beside = (width - 1) / (PAGE_WIDTH + 1);
        let page = |place: u16| screen.rows(1 + place * (PAGE_WIDTH + 1), PAGE_WIDTH).skip(top + 1).take(body);
        Some(Self {
            heading: squeezed(&rows[top]),
            text: (0..beside).flat_map(page).map(|row| squeezed(&row)).collect(),
            foot: squeezed(&rows[top + body + 1]),
        })
    }

    /// The number of the page that is seen, where there is another behind it.
    pub(crate) fn page_before_another(&self) -> Option<usize> {
        let digits = |letter: char| !letter.is_ascii_digit();
        self.foot.split(digits).find(|part| !part.is_empty())?.parse().ok()
    }
}

/// What has to stand in the pane of the lesson, without blanks.
#[derive(Default)]
pub(crate) struct Expected {
    /// In the upper border.
    pub(crate) heading: String,
    /// On the first page.
    pub(crate) first: Vec<String>,
    /// On any page.
    pub(crate) later: Vec<String>,
}

impl Expected {
    /// By what a player shows.
    pub(crate) fn of(view: &View, lang: Lang) -> Self {
        let beat = match view.retake {
            Some(_) => Message::AgainTitle.text(lang).to_owned(),
            None => Message::BeatOf.fill(lang, &[&view.beat.to_string(), &view.beats.to_string()]),
        };
        let mut expected = Self { heading: squeezed(&format!("{}{beat}", view.title)), ..Self::default() };
        match &view.shows {
            Shows::Words => expected.narration(view, None, lang),
            Shows::Question(question) => expected.question(view, question, lang),
            Shows::Verdict(verdict) => expected.verdict(verdict, lang),
            Shows::Work(work) => expected.work(view, work, lang),
            Shows::Ranking(ranking) => expected.ranking(view, ranking, lang),
            Shows::Closing(closing) => expected.closing(closing, lang),
        }
        expected
    }

    /// The first of what is missing in the pane as it is seen.
    pub(crate) fn missing_at_first(&self, pane: &LessonPane) -> Option<String> {
        let heading = Some(&self.heading).filter(|heading| !pane.heading.contains(*heading));
        heading.or_else(|| self.first.iter().find(|part| !pane.text.contains(*part))).cloned()
    }

    /// The first of what is missing in all pages.
    pub(crate) fn missing_in(&self, pages: &str) -> Option<String> {
        self.first.iter().chain(&self.later).find(|part| !pages.contains(*part)).cloned()
    }

    fn at_first(&mut self, text: &str) {
        self.first.push(squeezed(text));
    }

    fn later(&mut self, label: Message, text: &str, lang: Lang) {
        if !text.is_empty() {
            self.later.push(labelled(label.text(lang), text, lang));
        }
    }

    /// What is told, or the hint in its place.
    fn narration(&mut self, view: &View, hint: Option<&(u8, String)>, lang: Lang) {
        match hint {
            Some((number, text)) => {
                self.first.push(labelled(&Message::Hint.fill(lang, &[&number.to_string()]), text, lang));
            }
            None => view.narration.iter().for_each(|line| self.at_first(line)),
        }
    }

    fn question(&mut self, view: &View, question: &Question, lang: Lang) {
        self.narration(view, question.hint.as_ref(), lang);
        self.at_first(&question.text);
        for (place, option) in question.options.iter().enumerate().filter(|_| question.picks.is_empty()) {
            let mark = if Some(place) == question.chosen { "▸" } else { "" };
            self.at_first(&format!("{mark}{}{option}", letter(place)));
        }
        if let Some(chosen) = question.chosen.filter(|_| !question.picks.is_empty()) {
            self.at_first(&format!("▸{}", question.options[chosen]));
        }
    }

    fn verdict(&mut self, verdict: &Verdict, lang: Lang) {
        let outcome = |label: Message, text: &str| {
            format!("{}{}", label.text(lang), wrap(text, ANSWER_CELLS).first().map_or("", String::as_str))
        };
        if let Some(answer) = &verdict.answer {
            self.at_first(&outcome(Message::YourAnswer, &answer.text));
        }
        if !verdict.right() {
            self.at_first(&outcome(Message::TheStack, &verdict.truth.text));
        }
        self.at_first(&verdict.answer.as_ref().unwrap_or(&verdict.truth).reply);
        verdict.evidence.iter().for_each(|piece| self.at_first(&piece.text));
        self.later(Message::Why, &verdict.why, lang);
    }

    fn work(&mut self, view: &View, work: &Work, lang: Lang) {
        if !work.done {
            self.narration(view, work.hint.as_ref(), lang);
            self.at_first(&work.text);
        }
        if !work.changes.is_empty() {
            let changes = work.changes.join(" · ");
            let told = if work.done { changes } else { Message::NotYet.fill(lang, &[&changes]) };
            self.first.push(labelled(Message::Changes.text(lang), &told, lang));
        }
        if let Some(complaint) = &work.complaint {
            self.at_first(complaint);
        }
        if work.done {
            self.at_first(&format!("✓{}", Message::Done.text(lang)));
            work.beside.iter().for_each(|row| self.at_first(&row.words));
            self.later(Message::Why, &work.why, lang);
        }
    }

    fn ranking(&mut self, view: &View, ranking: &Ranking, lang: Lang) {
        if ranking.is_answered() {
            let right = ranking.right.iter().filter(|right| **right).count().to_string();
            let said = match ranking.steps.len() {
                0 => Message::OrderOfRun.text(lang).to_owned(),
                of => Message::OrderCredit.fill(lang, &[&right, &of.to_string()]),
            };
            self.at_first(&said);
            self.later(Message::Why, &ranking.why, lang);
        } else {
            self.narration(view, ranking.hint.as_ref(), lang);
        }
        let steps = if ranking.is_answered() { &ranking.truth } else { &ranking.steps };
        for (place, step) in steps.iter().enumerate() {
            let mark = if !ranking.is_answered() && place == ranking.chosen { "▸" } else { "" };
            self.at_first(&format!("{mark}{}{step}", place + 1));
        }
    }

    fn closing(&mut self, closing: &Closing, lang: Lang) {
        self.at_first(Message::YouKnow.text(lang));
        closing.known.iter().for_each(|line| self.at_first(&format!("·{line}")));
        for prediction in &closing.predictions {
            let first = prediction.first.as_ref().map_or(Message::WasSkipped.text(lang), |(said, _)| said.as_str());
            let sign = if prediction.first.is_none() {
                "·"
            } else if prediction.right {
                "✓"
            } else {
                "✗"
            };
            self.later.push(squeezed(&format!("{sign}{first}")));
            if !prediction.right {
                self.later.push(squeezed(&format!("→{}", prediction.truth)));
            }
        }
        let again = closing.again.iter().map(|beat| Message::BeatNumber.fill(lang, &[&beat.to_string()]));
        self.later(Message::LookAgain, &again.collect::<Vec<_>>().join(" · "), lang);
        self.later.push(squeezed(&Message::HandInBy.fill(lang, &[&closing.lesson])));
        self.later.extend(closing.next.iter().map(|next| squeezed(next)));
        self.later(Message::SayItBack, &closing.say_it_back, lang);
        self.later(Message::ThenAndNow, &closing.then_and_now, lang);
        self.later(Message::OnPaper, &closing.drawing, lang);
    }
}

fn labelled(label: &str, text: &str, lang: Lang) -> String {
    let colon = stack::words::Words::new(":", "：").text(lang);
    squeezed(&format!("{label}{colon}{text}"))
}

/// The key of an option.
pub(crate) fn letter(option: usize) -> char {
    char::from(b'a' + u8::try_from(option).unwrap())
}
