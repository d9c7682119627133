import { hasPorts, MINUTES, type Order, PROTOCOLS } from './order';

interface Props {
  order: Order;
  onOrder: (order: Order) => void;
}

/** Which packets, from when, and for how long. */
export function OrderFields({ order, onOrder }: Props) {
  return (
    <div className="prepare-fields">
      <label>
        Protocol
        <select
          className="text-field"
          value={order.protocol}
          onChange={(event) => onOrder({ ...order, protocol: event.target.value })}
          data-testid="capture-protocol"
        >
          {PROTOCOLS.map((each) => (
            <option key={each} value={each}>
              {each || 'Any'}
            </option>
          ))}
        </select>
      </label>
      <label>
        Ports
        <input
          className="text-field mono"
          placeholder="all, or 443, 8080:8090"
          maxLength={200}
          disabled={!hasPorts(order)}
          value={order.ports}
          onChange={(event) => onOrder({ ...order, ports: event.target.value })}
          data-testid="capture-ports"
        />
      </label>
      <label>
        Begins, UTC
        <input
          className="text-field mono"
          placeholder="at once"
          maxLength={40}
          value={order.at}
          onChange={(event) => onOrder({ ...order, at: event.target.value })}
        />
      </label>
      <label>
        For
        <select
          className="text-field"
          value={order.minutes}
          onChange={(event) => onOrder({ ...order, minutes: Number(event.target.value) })}
          data-testid="capture-minutes"
        >
          {MINUTES.map((each) => (
            <option key={each} value={each}>
              {each} min
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
