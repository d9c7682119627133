import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <div className="notice" role="alert">
      <p className="notice-title">There is no page at this address.</p>
      <p>
        <Link to="/" className="link">
          Open the service graph
        </Link>
      </p>
    </div>
  );
}
