//! One beat: which keys belong to its kind, and what they say.

use stack::lab::query::{Expression, Path};
use toml::Spanned;

use super::Reader;
use crate::file::{BeatFile, Kind, LessonFile, OptionFile};
use crate::lesson::{Beat, Change, Choice, Condition, MOST_PANES, OrderStep, Task};
use crate::pane::Pane;
use crate::problem::position;

impl Reader<'_> {
    pub(super) fn beat(&mut self, spanned: &Spanned<BeatFile>) -> Option<Beat> {
        let beat = spanned.get_ref();
        let at = beat.at.as_ref().map(|place| self.place(place));
        let until = beat.until.as_ref().map(|place| self.place(place));
        if let Some(host) = &beat.host
            && !self.hosts.contains(host.get_ref())
        {
            let known = self.hosts.join(", ");
            self.complain(
                host,
                format!("no host of the scene has this name; there are {known}"),
                format!("场景中没有此主机；有 {known}"),
            );
        }
        if let Some(hide) = &beat.hide
            && hide.get_ref() != "future"
        {
            self.complain(hide, "only \"future\" can be hidden", "只能隐藏 \"future\"");
        }
        let pane = beat.pane.as_ref().and_then(|name| self.pane(name));
        let closed: Vec<Pane> = beat.closed.iter().filter_map(|name| self.pane(name)).collect();
        if let (Some(name), Some(pane)) = (&beat.pane, pane)
            && closed.contains(&pane)
        {
            self.complain(
                name,
                format!("the pane {} is in `closed` too; look at another one, or leave it open", pane.id()),
                format!("窗格 {} 同时写在 `closed` 中；请改看另一个窗格，或不要关闭它", pane.id()),
            );
        }
        let task = self.task(spanned)?;
        Some(Beat {
            id: beat.id.get_ref().clone(),
            line: position(self.text, beat.id.span().start).0,
            at: flatten(at)?,
            until: flatten(until)?,
            host: beat.host.as_ref().map(|host| host.get_ref().clone()),
            pane,
            closed,
            sock: beat.sock,
            hints: u8::try_from(beat.hints.as_ref().map_or(0, |hints| *hints.get_ref())).unwrap_or(u8::MAX),
            task,
        })
    }

    fn task(&mut self, spanned: &Spanned<BeatFile>) -> Option<Task> {
        let beat = spanned.get_ref();
        self.fitting(beat);
        match beat.kind {
            Kind::Show => Some(Task::Show),
            Kind::Predict => Some(self.question(beat)),
            Kind::Investigate => {
                let (options, evidence) = self.options(beat);
                Some(Task::Investigate { goal: self.goal(beat)?, options, evidence })
            }
            Kind::Modify => {
                let solution = self.changes(beat);
                let run_to = flatten(beat.run_to.as_ref().map(|place| self.place(place)))?.map(Box::new);
                let (_, evidence) = self.options(beat);
                Some(Task::Modify { allow: beat.allow.clone(), goal: self.goal(beat)?, solution, run_to, evidence })
            }
            Kind::Order => Some(self.order(beat)),
            Kind::Make => {
                let solution: Vec<String> = beat.solution.iter().map(|call| self.fill(call.get_ref())).collect();
                if solution.is_empty() {
                    self.complain(
                        &beat.id,
                        "a beat that makes needs a `solution`: calls that do it, such as [\"listen(3, 5)\"]",
                        "make 节拍需要 `solution`：可行的系统调用，例如 [\"listen(3, 5)\"]",
                    );
                }
                Some(Task::Make { goal: self.goal(beat)?, solution: solution.join("\n") })
            }
        }
    }

    /// What may be answered, and what settles it.
    fn options(&mut self, beat: &BeatFile) -> (Vec<Choice>, Vec<Expression>) {
        let picks = beat.option.iter().filter(|option| option.pick.is_some()).count();
        if picks > 0 && (picks < beat.option.len() || beat.kind != Kind::Investigate) {
            self.complain(
                &beat.id,
                "`pick` stands in an investigate beat, and in each of its options",
                "`pick` 用于 investigate 节拍，且每个选项都要有",
            );
        }
        let options = beat.option.iter().filter_map(|option| self.choice(option)).collect();
        (options, beat.evidence.iter().filter_map(|text| self.expression(text)).collect())
    }

    fn question(&mut self, beat: &BeatFile) -> Task {
        let (options, evidence) = self.options(beat);
        if beat.hide.is_none() {
            self.complain(
                &beat.id,
                "a question hides what is to come: add hide = \"future\"",
                "提问要遮住未来：请加 hide = \"future\"",
            );
        }
        if beat.until.is_none() {
            self.complain(
                &beat.id,
                "a question needs `until`: the place at which the run settles it",
                "提问需要 `until`：运行在何处给出答案",
            );
        }
        Task::Predict { options, evidence }
    }

    fn changes(&mut self, beat: &BeatFile) -> Vec<Change> {
        let mut solution = Vec::new();
        for text in &beat.solution {
            match Change::parse(text.get_ref()) {
                Some(change) if beat.allow.contains(&change.needs()) => solution.push(change),
                Some(_) => self.complain(
                    text,
                    "this beat does not allow that change; see `allow`",
                    "本节拍不允许这种修改，见 `allow`",
                ),
                None => self.complain(
                    text,
                    "a change is `drop N`, `duplicate N` or `delay N MILLISECONDS`",
                    "修改写作 `drop N`、`duplicate N` 或 `delay N 毫秒`",
                ),
            }
        }
        if solution.is_empty() {
            self.complain(
                &beat.id,
                "a beat that modifies needs `allow` and a `solution`, such as [\"drop 3\"]",
                "modify 节拍需要 `allow` 和 `solution`，例如 [\"drop 3\"]",
            );
        }
        solution
    }

    fn order(&mut self, beat: &BeatFile) -> Task {
        let mut steps = Vec::new();
        for step in &beat.step {
            if let Some(at) = self.place(&step.at) {
                steps.push(OrderStep { id: step.id.get_ref().clone(), at });
            }
        }
        if steps.len() < 3 {
            self.complain(
                &beat.id,
                "at least three steps are to be ordered: add `step`",
                "至少要有三个待排序的步骤：请加 `step`",
            );
        }
        Task::Order { steps }
    }

    /// Keys that belong to another kind of beat.
    fn fitting(&mut self, beat: &BeatFile) {
        let kind = beat.kind;
        let strays = [
            ("option", !beat.option.is_empty() && !matches!(kind, Kind::Predict | Kind::Investigate)),
            (
                "evidence",
                !beat.evidence.is_empty() && !matches!(kind, Kind::Predict | Kind::Investigate | Kind::Modify),
            ),
            ("run_to", beat.run_to.is_some() && kind != Kind::Modify),
            ("hide", beat.hide.is_some() && kind != Kind::Predict),
            ("goal", beat.goal.is_some() && !matches!(kind, Kind::Investigate | Kind::Modify | Kind::Make)),
            ("allow", !beat.allow.is_empty() && kind != Kind::Modify),
            ("solution", !beat.solution.is_empty() && !matches!(kind, Kind::Modify | Kind::Make)),
            ("closed", !beat.closed.is_empty() && kind == Kind::Show),
            ("step", !beat.step.is_empty() && kind != Kind::Order),
        ];
        for (key, stray) in strays {
            if stray {
                self.complain(
                    &beat.id,
                    format!("`{key}` has no meaning in a beat of this kind; remove it"),
                    format!("`{key}` 在这类节拍中没有意义，请删去"),
                );
            }
        }
    }

    /// The panes of the lesson, and that each beat looks at one of them.
    pub(super) fn panes(&mut self, file: &LessonFile) -> Vec<Pane> {
        let mut panes = Vec::new();
        for name in &file.panes {
            let Some(pane) = self.pane(name) else { continue };
            if panes.contains(&pane) {
                self.complain(name, "this pane is there twice; name it once", "该窗格出现两次，只写一次");
            } else {
                panes.push(pane);
            }
        }
        if !(2..=MOST_PANES).contains(&panes.len()) {
            self.complain(
                &file.id,
                format!("a lesson shows two to {MOST_PANES} panes: add panes = [\"sock\", \"ladder\"], those that its beats look at"),
                format!("一门课显示 2 到 {MOST_PANES} 个窗格：请加 panes = [\"sock\", \"ladder\"]，写出各节拍要看的窗格"),
            );
            return panes;
        }
        for beat in &file.beat {
            if let Some(name) = &beat.get_ref().pane
                && let Some(pane) = Pane::from_id(name.get_ref())
                && !panes.contains(&pane)
            {
                self.complain(
                    name,
                    format!(
                        "the pane {} is not among the `panes` of the lesson; add it there, or look at another",
                        pane.id()
                    ),
                    format!("窗格 {} 不在课程的 `panes` 中；请加进去，或改看别的窗格", pane.id()),
                );
            }
        }
        panes
    }

    /// The pane of a name.
    fn pane(&mut self, name: &Spanned<String>) -> Option<Pane> {
        let pane = Pane::from_id(name.get_ref()).filter(|pane| pane.is_for_lessons());
        if pane.is_none() {
            let known: Vec<&str> =
                Pane::ALL.iter().filter(|pane| pane.is_for_lessons()).map(|pane| pane.id()).collect();
            self.complain(
                name,
                format!("no pane is called {:?}; there are {}", name.get_ref(), known.join(", ")),
                format!("没有名为 {:?} 的窗格；有 {}", name.get_ref(), known.join("、")),
            );
        }
        pane
    }

    fn choice(&mut self, option: &OptionFile) -> Option<Choice> {
        Some(Choice {
            id: option.id.get_ref().clone(),
            when: self.condition(option)?,
            misconception: option.misconception.as_ref().map(|name| name.get_ref().clone()),
            pick: match &option.pick {
                Some(text) => Some(self.picked(text)?),
                None => None,
            },
            line: position(self.text, option.id.span().start).0,
        })
    }

    /// What makes an option right: all that its keys say.
    fn condition(&mut self, option: &OptionFile) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        if let Some(text) = &option.when {
            let when = self.expression(text)?;
            if when.has_trend() {
                self.complain(
                    text,
                    "an option is asked at one moment; a trend (increases ...) belongs into `evidence`, or into `happens`",
                    "选项只在一个时刻判定；趋势（increases 等）应写在 `evidence` 或 `happens` 中",
                );
            }
            conditions.push(Condition::Holds(when));
        }
        if let Some(text) = &option.happens {
            conditions.push(Condition::Happens(self.place(text)?));
        }
        if let Some(text) = &option.never {
            conditions.push(Condition::Never(self.place(text)?));
        }
        if conditions.is_empty() {
            self.complain(
                &option.id,
                "nothing says when this option is right; add `when`, `happens` or `never`",
                "没有写明该选项何时正确；请加 `when`、`happens` 或 `never`",
            );
            return None;
        }
        Some(conditions)
    }

    /// The thing that a learner's cursor is put on.
    fn picked(&mut self, text: &Spanned<String>) -> Option<Path> {
        if let Expression::Path(path) = self.expression(text)? {
            return Some(path);
        }
        self.complain(
            text,
            "`pick` names one thing, such as \"B.sock(2).receive_queue\"",
            "`pick` 只写一样东西，例如 \"B.sock(2).receive_queue\"",
        );
        None
    }

    fn goal(&mut self, beat: &BeatFile) -> Option<Expression> {
        match &beat.goal {
            Some(goal) => self.expression(goal),
            None => {
                self.complain(
                    &beat.id,
                    "a beat of this kind needs a `goal`: the expression that says it is done",
                    "这类节拍需要 `goal`：表示完成的表达式",
                );
                None
            }
        }
    }
}

/// None inside if there was nothing to read, None outside if it could not be read.
fn flatten<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(value) => value.map(Some),
    }
}
