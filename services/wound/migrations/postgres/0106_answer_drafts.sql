-- What a specialist has typed of an answer and not signed. It goes when it is signed.
CREATE TABLE answer_drafts (
    assessment_id UUID NOT NULL REFERENCES assessments,
    person TEXT COLLATE "C" NOT NULL, -- its author, who alone sees it
    draft BYTEA NOT NULL, -- samspil.wound.v1.AnswerDraft
    update_time TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (assessment_id, person)
);
