import { IconFilterMinus } from '@tabler/icons-react';
import { useState } from 'react';
import { AlertRulesDocument } from '../api/alert-rules';
import { useApi } from '../api/context';
import { readProblem } from '../api/errors';
import { RECORDS, readRecord } from '../api/log-records';
import type { Alert } from '../domain/alert';
import type { LogKind } from '../domain/log-kinds';
import { useUrlState } from '../shell/use-url-state';
import { exceptionOf, exceptionOfRecord, fieldsOf } from './exception';

/** Leads to the rule that raised an alert, with what the alert is about left out of its filter, to be saved. */
export function ExceptButton({ alert }: { alert: Alert }) {
  const { client } = useApi();
  const [, update] = useUrlState();
  const [said, setSaid] = useState('');
  const read = async (kind: LogKind, id: string) => {
    const { data } = await client.query(RECORDS[kind], { id }).toPromise();
    return data ? readRecord(data) : null;
  };
  const lead = async () => {
    const { data, error } = await client.query(AlertRulesDocument, {}).toPromise();
    if (!data) return setSaid(error ? readProblem(error).message : 'The rules did not answer.');
    const rule = data.alertRules.find(({ title }) => title === alert.rule);
    if (!rule) return setSaid('No rule of this name is there any more, so it cannot be changed.');
    if (!rule.editable) return setSaid('Only a token without limits changes rules.');
    const kind = rule.kind as LogKind;
    const fields = fieldsOf(kind, rule.window?.groupBy ?? null);
    const record = fields && alert.evidence[0] ? await read(kind, alert.evidence[0]) : null;
    const except = fields ? record && exceptionOfRecord(record, fields) : exceptionOf(alert, kind);
    if (!except) return setSaid('What it is about cannot be told by a filter; change the rule itself.');
    update({ rule: rule.id, except }, { to: '/alerts/rules' });
  };
  return (
    <p className="except-line">
      <button type="button" className="button small" onClick={lead} data-testid="except">
        <IconFilterMinus size={14} stroke={1.75} aria-hidden />
        Except this from the rule
      </button>
      <span className="t2" role="status">
        {said}
      </span>
    </p>
  );
}
