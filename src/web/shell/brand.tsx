import { Link } from 'react-router';

export function BrandMark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b6e6e" />
      <path
        d="M9.500 10.500c0 7 5 12 12 12l1-3.600-4-2-1.700 1.600c-1.700-.9-3.100-2.300-4-4l1.600-1.700-2-4z"
        fill="#fff"
      />
      <path
        d="M18 7.500a6.500 6.500 0 0 1 6.500 6.500M18 11a3 3 0 0 1 3 3"
        fill="none"
        stroke="#8fe3d9"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function Brand({ to }: { to: string }) {
  return (
    <Link to={to} className="fr-brand" aria-label="Firstring">
      <BrandMark />
      <span>Firstring</span>
    </Link>
  );
}
