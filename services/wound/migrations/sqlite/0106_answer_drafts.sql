-- What a specialist has typed of an answer and not signed. It goes when it is signed.
CREATE TABLE answer_drafts (
    assessment_id BLOB NOT NULL REFERENCES assessments,
    person TEXT NOT NULL, -- its author, who alone sees it
    draft BLOB NOT NULL, -- samspil.wound.v1.AnswerDraft
    update_time TEXT NOT NULL,
    PRIMARY KEY (assessment_id, person)
) STRICT;
